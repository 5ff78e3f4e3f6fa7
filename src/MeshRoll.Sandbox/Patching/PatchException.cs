namespace MeshRoll.Sandbox.Patching;

/// <summary>A patch that cannot be applied, with the status the real API server answers in the same case.</summary>
internal sealed class PatchException : Exception
{
    private PatchException(int code, string reason, string message, string? explanation = null) : base(message)
    {
        Code = code;
        Reason = reason;
        Explanation = explanation ?? message;
    }

    /// <summary>The HTTP status: 400 malformed, 413 too large, 415 not for this kind, 422 does not fit the object, 500 where the real server fails too.</summary>
    public int Code { get; }

    /// <summary>The reason of the Status; empty where the real server gives none.</summary>
    public string Reason { get; }

    /// <summary>What exactly was wrong. The real server keeps it to itself when it answers 422; for logs and tests.</summary>
    public string Explanation { get; }

    /// <summary>The patch itself is no patch.</summary>
    public static PatchException Malformed(string message) => new(400, "BadRequest", message);

    /// <summary>The patch does not fit the object. The server's message says no more than that, whatever the explanation is.</summary>
    public static PatchException NotApplicable(string explanation) =>
        new(422, "Invalid", "the server rejected our request due to an error in our request", explanation);

    /// <summary>An error which the real server does not classify: it becomes a Status of code 500 without a reason.</summary>
    public static PatchException Unclassified(string message) => new(500, "", message);

    /// <summary>A JSON patch of more operations than the server takes.</summary>
    public static PatchException TooLong(int operations, int most) =>
        new(413, "RequestEntityTooLarge", $"Request entity too large: The allowed maximum operations in a JSON patch is {most}, got {operations}");

    /// <summary>A patch of a type that is none, or that the kind does not know: custom resources have no strategic merge patch.</summary>
    public static PatchException UnsupportedFormat(string kind) => new(
        415,
        "UnsupportedMediaType",
        $"the body of the request was in an unknown format - accepted media types include: {string.Join(", ", PatchBody.MediaTypesOf(kind))}");
}
