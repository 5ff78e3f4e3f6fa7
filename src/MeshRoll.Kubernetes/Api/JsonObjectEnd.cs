using System.Buffers;

namespace MeshRoll.Kubernetes.Api;

/// <summary>
/// Finds where a JSON object ends, looking at every byte once however often it is continued. It counts brackets outside of texts
/// and checks nothing else: the reader of the object does.
/// </summary>
internal struct JsonObjectEnd
{
    private static readonly SearchValues<byte> Marks = SearchValues.Create("\"{}[]"u8);
    private static readonly SearchValues<byte> TextMarks = SearchValues.Create("\"\\"u8);

    private int _seen;
    private int _depth;
    private bool _inText;

    /// <summary>Goes on over <paramref name="data"/>, which begins with the object and is longer each time; gives its length once it is whole, else 0.</summary>
    public int Find(ReadOnlySpan<byte> data)
    {
        while (_seen < data.Length)
        {
            var rest = data[_seen..];
            var at = rest.IndexOfAny(_inText ? TextMarks : Marks);
            if (at < 0)
            {
                _seen = data.Length;
                return 0;
            }

            switch (rest[at])
            {
                case (byte)'"':
                    _inText = !_inText;
                    break;
                case (byte)'\\':
                    if (at + 1 == rest.Length)
                    {
                        // What is escaped did not arrive yet.
                        _seen += at;
                        return 0;
                    }
                    at++;
                    break;
                case (byte)'{' or (byte)'[':
                    _depth++;
                    break;
                default:
                    _depth--;
                    break;
            }
            _seen += at + 1;
            if (_depth <= 0 && !_inText) return Done();
        }
        return 0;
    }

    private int Done()
    {
        var length = _seen;
        this = default;
        return length;
    }
}
