namespace MeshRoll.Sandbox.Selecting;

/// <summary>A selector that cannot be read. The message is what the API server says; it answers 400 with it.</summary>
internal sealed class SelectorException(string message) : Exception(message);
