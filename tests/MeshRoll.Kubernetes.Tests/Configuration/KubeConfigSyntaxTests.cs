using System.Text;
using MeshRoll.Kubernetes.Configuration;
using MeshRoll.Kubernetes.Tests.Builders;

namespace MeshRoll.Kubernetes.Tests.Configuration;

public sealed class KubeConfigSyntaxTests : IDisposable
{
    private readonly ConfigDirectory _files = new();

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData("", null, "empty")]
    [InlineData("\n# only a comment\n", null, "empty")]
    [InlineData("null", null, "empty")]
    [InlineData("just words", 1, "not a kubeconfig")]
    [InlineData("- a\n- b", 1, "not a kubeconfig")]
    [InlineData("kind: Pod", 1, "not 'Config'")]
    [InlineData("a: 1\nb: [1, 2", 2, "half-written")]
    [InlineData("a: \"never closed", 1, "half-written")]
    [InlineData("a:\n\tb: 1", 2, "tab")]
    [InlineData("a: 1\nb: 2\na: 3", 3, "'a' stands there a second time")]
    [InlineData("a: *nothing", 1, "alias")]
    [InlineData("a: &x [*x]", 1, "alias")]
    [InlineData("? [a, b]\n: c", 1, "key")]
    [InlineData("<<: {a: 1}", 1, "merge")]
    [InlineData("clusters: nothing", 1, "'clusters' of the kubeconfig must be a list")]
    [InlineData("clusters:\n- nothing", 2, "must be a map")]
    [InlineData("users:\n- user: {}", 2, "no 'name'")]
    [InlineData("contexts:\n- name: x\n  context: [1]", 3, "context 'x' must be a map")]
    [InlineData("current-context: {a: b}", 1, "'current-context'")]
    [InlineData("{\"clusters\": [", 1, "half-written")]
    public void A_broken_file_is_told_by_line_and_problem(string content, int? line, string problem)
    {
        var error = _files.Fails(content);

        Assert.Equal(KubeConfigException.Invalid, error.Id);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.Contains(_files.In("config"), error.Message, StringComparison.Ordinal);
        Assert.Equal(line, error.Line);
    }

    [Fact]
    public void A_file_cut_anywhere_gives_an_error_or_a_config_but_never_a_crash()
    {
        var whole = KubeConfigText.With(user: "token: s3cret-token\nexec: {apiVersion: client.authentication.k8s.io/v1, command: x, args: [\"s3cret-arg\"]}");
        for (var length = 0; length < whole.Length; length++)
        {
            try
            {
                _files.Load(_files.Write("config", whole[..length])).Resolve();
            }
            catch (KubeConfigException e)
            {
                Assert.DoesNotContain("s3cret", e.ToString(), StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void A_damaged_file_gives_an_error_or_a_config_but_never_a_crash()
    {
        var whole = KubeConfigText.With(user: "token: s3cret-token\nexec: {apiVersion: client.authentication.k8s.io/v1, command: x, args: [\"s3cret-arg\"]}");
        string[] damages = ["!", "!x ", "!<", "&a ", "*a", "? ", "- ", ": ", "{", "}", "[", "]", ",", "|", ">", "%", "@", "`", "'", "\"", "#", "\n", "\t", "---\n", "...\n", "\\"];
        foreach (var damage in damages)
        {
            for (var at = 0; at <= whole.Length; at++)
            {
                try
                {
                    Read(whole.Insert(at, damage));
                }
                catch (KubeConfigException e)
                {
                    Assert.True(e.Line is null or > 0, e.Message);
                }
            }
        }

        static void Read(string text) => ConfigNodeReader.Read("config", Encoding.UTF8.GetBytes(text));
    }

    [Fact]
    public void A_binary_file_is_not_text()
    {
        Assert.Contains("not text", _files.Fails([0x7F, (byte)'E', (byte)'L', (byte)'F', 0, 0, 1]).Message, StringComparison.Ordinal);
        Assert.Contains("not text", _files.Fails([0x89, 0x50, 0xC3, 0x28, 0xFF]).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_directory_is_not_a_kubeconfig() =>
        Assert.Equal(KubeConfigException.Invalid, Assert.Throws<KubeConfigException>(() => _files.Load(_files.Path)).Id);

    [Fact]
    public void A_huge_file_is_refused()
    {
        var error = _files.Fails(new byte[ConfigNodeReader.MaximumBytes + 1]);

        Assert.Contains("larger than 10240 KB", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData('[')]
    [InlineData('{')]
    public void Deep_nesting_is_refused_before_the_stack_ends(char open)
    {
        var error = _files.Fails("a: " + string.Concat(Enumerable.Repeat(open == '{' ? "{a: " : "[", 200_000)));

        Assert.Contains("nests deeper", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Deep_blocks_are_refused_too() =>
        Assert.Contains("nests deeper", _files.Fails(string.Concat(Enumerable.Range(0, 500).Select(i => new string(' ', i) + "a:\n"))).Message, StringComparison.Ordinal);

    [Fact]
    public void Endless_small_values_are_refused() =>
        Assert.Contains("values", _files.Fails("a:\n" + string.Concat(Enumerable.Repeat("- \n", 120_000))).Message, StringComparison.Ordinal);

    [Fact]
    public void Aliases_are_followed_and_a_bomb_of_them_costs_nothing()
    {
        var bomb = new StringBuilder("b0: &b0 [x, x]\n");
        for (var i = 1; i < 60; i++)
            bomb.Append(System.Globalization.CultureInfo.InvariantCulture, $"b{i}: &b{i} [*b{i - 1}, *b{i - 1}]\n");

        var config = _files.Load(_files.Write("config", bomb + "name: &ctx blue\ncurrent-context: *ctx\n"));

        Assert.Equal("blue", config.CurrentContext);
    }

    [Fact]
    public void Json_is_read_too()
    {
        const string json = "{\n\t\"kind\": \"Config\",\n\t\"current-context\": \"a\\u002fb\",\n\t\"contexts\": [\n\t\t{\"name\": \"a\\/b\", \"context\": {\"cluster\": \"c\"}}],\"clusters\":[{\"name\":\"c\",\"cluster\":{\"server\":\"https:\\/\\/x\"}}]}";

        Assert.Equal("https://x/", _files.Load(_files.Write("config", json)).Resolve().Server.AbsoluteUri);
    }

    [Fact]
    public void What_windows_powershell_writes_is_read()
    {
        var text = KubeConfigText.With().ReplaceLineEndings("\r\n");

        Assert.Equal(["one"], _files.Load(_files.Write("utf16", [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(text)])).ContextNames);
        Assert.Equal(["one"], _files.Load(_files.Write("utf8", [.. Encoding.UTF8.GetPreamble(), .. Encoding.UTF8.GetBytes(text)])).ContextNames);
    }

    [Fact]
    public void Only_the_first_document_counts() =>
        Assert.Equal(["one"], _files.Load(_files.Write("config", "---\n" + KubeConfigText.With() + "\n---\n" + KubeConfigText.With(name: "two"))).ContextNames);
}
