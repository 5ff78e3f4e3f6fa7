using System.Globalization;
using System.Runtime.CompilerServices;

namespace MeshRoll.Sandbox.Nodes.Pods;

/// <summary>What an event about a pod says, put together only where events are written: ten thousand pods that are run up are silent.</summary>
[InterpolatedStringHandler]
internal ref struct EventText
{
    private DefaultInterpolatedStringHandler _text;

    public EventText(int literalLength, int formattedCount, PodLife pod, out bool isTold)
    {
        isTold = pod.TellsEvents;
        _text = isTold ? new(literalLength, formattedCount, CultureInfo.InvariantCulture) : default;
    }

    public void AppendLiteral(string text) => _text.AppendLiteral(text);

    public void AppendFormatted<T>(T value) => _text.AppendFormatted(value);

    /// <summary>The text; empty where nobody is told.</summary>
    public string Take() => _text.ToStringAndClear();
}
