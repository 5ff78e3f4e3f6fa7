namespace MeshRoll.Sandbox.Selecting;

/// <summary>Reads the syntax of label selectors, with the errors that apimachinery's labels package gives.</summary>
internal sealed class LabelSelectorParser
{
    private const string Signs = "=!(),><";

    private readonly List<Token> _tokens = [];
    private int _position;

    public LabelSelectorParser(string selector)
    {
        var rest = selector.AsSpan();
        while ((rest = rest.TrimStart(" \t\r\n")).Length > 0)
        {
            var length = TokenLength(rest);
            _tokens.Add(new(rest[..length].ToString(), Signs.Contains(rest[0], StringComparison.Ordinal)));
            rest = rest[length..];
        }
    }

    private Token Ahead => _position < _tokens.Count ? _tokens[_position] : Token.End;

    /// <summary>All requirements, in their order.</summary>
    /// <exception cref="SelectorException">The text does not follow the syntax.</exception>
    public IReadOnlyList<LabelRequirement> Read()
    {
        var requirements = new List<LabelRequirement>();
        if (Ahead == Token.End) return requirements;
        if (!BeginsRequirement(Ahead)) throw new SelectorException($"found '{Ahead.Text}', expected: !, identifier, or 'end of string'");
        while (true)
        {
            requirements.Add(Requirement());
            var token = Take();
            if (token == Token.End) return requirements;
            if (!token.IsSign(",")) throw new SelectorException($"found '{token.Text}', expected: ',' or 'end of string'");
            if (!BeginsRequirement(Ahead)) throw new SelectorException($"found '{Ahead.Text}', expected: identifier after ','");
        }
    }

    private LabelRequirement Requirement()
    {
        try
        {
            return Condition();
        }
        catch (SelectorException exception)
        {
            throw new SelectorException($"unable to parse requirement: {exception.Message}");
        }
    }

    private LabelRequirement Condition()
    {
        var isAbsence = Ahead.IsSign("!");
        if (isAbsence) Take();
        var key = Take();
        if (!key.IsWord) throw new SelectorException($"found '{key.Text}', expected: identifier");
        // The server checks the key before it knows of which field it is.
        if (LabelSyntax.KeyErrors(key.Text) is { Count: > 0 } wrong) throw new SelectorException(LabelRequirement.Invalid("<nil>", key.Text, string.Join("; ", wrong)));
        if (isAbsence) return LabelRequirement.Of(key.Text, LabelOperator.DoesNotExist, []);
        if (Ahead == Token.End || Ahead.IsSign(",")) return LabelRequirement.Of(key.Text, LabelOperator.Exists, []);

        var @operator = Operator();
        return LabelRequirement.Of(key.Text, @operator, @operator is LabelOperator.In or LabelOperator.NotIn ? Values() : [Value()]);
    }

    private LabelOperator Operator()
    {
        var token = Take();
        return token.Text switch
        {
            "in" => LabelOperator.In,
            "notin" => LabelOperator.NotIn,
            "=" => LabelOperator.Equals,
            "==" => LabelOperator.DoubleEquals,
            "!=" => LabelOperator.NotEquals,
            ">" => LabelOperator.GreaterThan,
            "<" => LabelOperator.LessThan,
            _ => throw new SelectorException($"found '{token.Text}', expected: in, notin, =, ==, !=, gt, lt"),
        };
    }

    private string Value()
    {
        if (Ahead == Token.End || Ahead.IsSign(",")) return "";
        var token = Take();
        return token.IsWord ? token.Text : throw new SelectorException($"found '{token.Text}', expected: identifier");
    }

    // Between commas and brackets nothing may stand: that is the empty value.
    private List<string> Values()
    {
        var opening = Take();
        if (!opening.IsSign("(")) throw new SelectorException($"found '{opening.Text}' expected: '('");
        if (!Ahead.IsWord && !Ahead.IsSign(",") && !Ahead.IsSign(")")) throw new SelectorException($"found '{Ahead.Text}', expected: ',', ')' or identifier");

        var values = new List<string>();
        while (true)
        {
            values.Add(Ahead.IsWord ? Take().Text : "");
            var isEmpty = values[^1].Length == 0;
            var next = Take();
            if (next.IsSign(")")) return values;
            if (next.IsSign(",")) continue;
            throw new SelectorException(isEmpty ? $"found '{next.Text}', expected: ',', or identifier" : $"found '{next.Text}', expected: ',' or ')'");
        }
    }

    private Token Take()
    {
        var token = Ahead;
        _position++;
        return token;
    }

    private static bool BeginsRequirement(Token token) => token.IsWord || token.IsSign("!");

    private static int TokenLength(ReadOnlySpan<char> rest)
    {
        if (rest.StartsWith("==") || rest.StartsWith("!=")) return 2;
        if (Signs.Contains(rest[0], StringComparison.Ordinal)) return 1;
        var end = rest.IndexOfAny(Signs + " \t\r\n");
        return end < 0 ? rest.Length : end;
    }

    private readonly record struct Token(string Text, bool IsAnySign)
    {
        public static Token End { get; } = new("", true);

        public bool IsWord => !IsAnySign;

        public bool IsSign(string sign) => IsAnySign && Text == sign;
    }
}
