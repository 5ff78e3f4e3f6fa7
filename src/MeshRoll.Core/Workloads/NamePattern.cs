namespace MeshRoll.Core.Workloads;

/// <summary>
/// A name with PowerShell's wildcards: <c>*</c>, <c>?</c>, <c>[a-c]</c>, and the backtick that takes a wildcard its meaning.
/// Case does not matter, as everywhere in PowerShell.
/// </summary>
public sealed class NamePattern
{
    private readonly Piece[] _pieces;

    /// <summary>Reads a pattern. Never fails: an unclosed bracket is a bracket.</summary>
    public NamePattern(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        Text = text;
        _pieces = [.. Read(text)];
        IsLiteral = Array.TrueForAll(_pieces, static piece => piece.Kind == PieceKind.Character);
        Literal = IsLiteral ? string.Concat(_pieces.Select(static piece => piece.First)) : null;
    }

    private enum PieceKind
    {
        Character,
        Any,
        AnyRun,
        Set,
    }

    /// <summary>As the user wrote it.</summary>
    public string Text { get; }

    /// <summary>Whether it names exactly one thing.</summary>
    public bool IsLiteral { get; }

    /// <summary>That one thing's name; null for a pattern with wildcards.</summary>
    public string? Literal { get; }

    /// <summary>Whether a text holds wildcards.</summary>
    public static bool HasWildcards(string text) => !new NamePattern(text).IsLiteral;

    /// <summary>Whether <paramref name="name"/> fits.</summary>
    public bool IsMatch(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        // Greedy, going back to the last * only: linear in practice, quadratic at worst.
        int at = 0, piece = 0, lastRun = -1, resume = 0;
        while (at < name.Length)
        {
            if (piece < _pieces.Length && _pieces[piece].Kind == PieceKind.AnyRun)
            {
                lastRun = piece++;
                resume = at;
            }
            else if (piece < _pieces.Length && _pieces[piece].Fits(name[at]))
            {
                piece++;
                at++;
            }
            else if (lastRun >= 0)
            {
                piece = lastRun + 1;
                at = ++resume;
            }
            else return false;
        }
        while (piece < _pieces.Length && _pieces[piece].Kind == PieceKind.AnyRun) piece++;
        return piece == _pieces.Length;
    }

    /// <summary>As the user wrote it.</summary>
    public override string ToString() => Text;

    private static IEnumerable<Piece> Read(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '`' when i + 1 < text.Length: yield return new(PieceKind.Character, text[++i], ""); break;
                case '*': yield return new(PieceKind.AnyRun, '*', ""); break;
                case '?': yield return new(PieceKind.Any, '?', ""); break;
                case '[' when text.IndexOf(']', i + 1) is var end && end > i + 1:
                    yield return new(PieceKind.Set, '[', text[(i + 1)..end]);
                    i = end;
                    break;
                default: yield return new(PieceKind.Character, text[i], ""); break;
            }
        }
    }

    private readonly record struct Piece(PieceKind Kind, char First, string Members)
    {
        /// <summary>Whether this one character fits; a run of any length is the matcher's business.</summary>
        public bool Fits(char character) => Kind switch
        {
            PieceKind.Any => true,
            PieceKind.Set => IsMember(char.ToLowerInvariant(character)),
            _ => char.ToLowerInvariant(character) == char.ToLowerInvariant(First),
        };

        private bool IsMember(char character)
        {
            for (var i = 0; i < Members.Length; i++)
            {
                var from = char.ToLowerInvariant(Members[i]);
                var isRange = i + 2 < Members.Length && Members[i + 1] == '-';
                var to = isRange ? char.ToLowerInvariant(Members[i + 2]) : from;
                if (character >= from && character <= to) return true;
                if (isRange) i += 2;
            }
            return false;
        }
    }
}
