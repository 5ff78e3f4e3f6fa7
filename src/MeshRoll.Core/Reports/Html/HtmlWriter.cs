using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace MeshRoll.Core.Reports.Html;

/// <summary>
/// Writes markup in which every value is text: what stands in the literal parts of an interpolated string is markup, what is put into its holes is encoded.
/// Names, messages and log lines come from a cluster and are hostile until shown otherwise; there is no way to forget to encode one.
/// </summary>
internal sealed class HtmlWriter(TextWriter output)
{
    // Letters of all languages as they are; what means something in markup never.
    private static readonly HtmlEncoder s_encoder = HtmlEncoder.Create(UnicodeRanges.All);

    private readonly StringBuilder _piece = new();

    /// <summary>Writes markup with its values encoded.</summary>
    public void Write([InterpolatedStringHandlerArgument("")] Markup markup)
    {
        _ = markup;
        output.Write(_piece);
        _piece.Clear();
    }

    /// <summary>Markup of this program's own, such as a stylesheet.</summary>
    public void WriteOwn(string markup) => output.Write(markup);

    /// <summary>An interpolated string on its way to the page.</summary>
    [InterpolatedStringHandler]
    internal readonly struct Markup
    {
        private readonly StringBuilder _piece;

        public Markup(int literalLength, int formattedCount, HtmlWriter writer)
        {
            _ = (literalLength, formattedCount);
            _piece = writer._piece;
        }

        public void AppendLiteral(string literal) => _piece.Append(literal);

        public void AppendFormatted(string? text)
        {
            if (text is not null) _piece.Append(s_encoder.Encode(PlainText.Of(text)));
        }

        public void AppendFormatted(int number) => _piece.Append(CultureInfo.InvariantCulture, $"{number}");

        public void AppendFormatted(double number) => _piece.Append(CultureInfo.InvariantCulture, $"{number:0.#}");
    }
}
