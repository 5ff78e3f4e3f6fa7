namespace MeshRoll.Core.Tests;

public sealed class PlainTextTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("plain", "plain")]
    [InlineData("größer, 日本, emoji 🎉", "größer, 日本, emoji 🎉")]
    [InlineData("a\tb\nc\u0007d\u007fe\u0085f", "a b c d e f")]
    [InlineData("\u001b[31mred\u001b[0m", "red")]
    [InlineData("\u001b]0;title\u0007after", "after")]
    [InlineData("\u001b]8;;http://x\u001b\\link\u001b]8;;\u001b\\", "link")]
    [InlineData("\u001bPq#0\u001b\\x", "x")]
    [InlineData("\u001bcx", "x")]
    [InlineData("end\u001b", "end")]
    [InlineData("end\u001b[", "end")]
    [InlineData("end\u001b[12;3", "end")]
    [InlineData("end\u001b]0;never closed", "end")]
    [InlineData("end\u001b]0;x\u001b", "end")]
    [InlineData("in\u00advisible", "invisible")]
    [InlineData("turned\u202e round\u2066\u200b", "turned round")]
    [InlineData("line\u2028and\u2029paragraph", "lineandparagraph")]
    public void Nothing_of_it_steers_a_terminal(string text, string plain) => Assert.Equal(plain, PlainText.Of(text));

    [Fact]
    public void Text_without_anything_special_is_given_back_as_it_is()
    {
        var text = new string('a', 3) + "é";

        Assert.Same(text, PlainText.Of(text));
    }
}
