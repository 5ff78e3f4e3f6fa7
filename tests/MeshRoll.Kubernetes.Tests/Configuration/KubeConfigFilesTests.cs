using MeshRoll.Kubernetes.Configuration;
using MeshRoll.Kubernetes.Tests.Builders;

namespace MeshRoll.Kubernetes.Tests.Configuration;

public sealed class KubeConfigFilesTests : IDisposable
{
    private readonly ConfigDirectory _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void A_named_file_is_read_alone()
    {
        _files.Set("KUBECONFIG", _files.Write("other", KubeConfigText.With(name: "other")));
        _files.Write("named", KubeConfigText.With(name: "named"));

        Assert.Equal(["named"], _files.Load("named").ContextNames);
    }

    [Fact]
    public void A_named_file_that_is_missing_is_an_error()
    {
        var error = Assert.Throws<KubeConfigException>(() => _files.Load("nowhere"));

        Assert.Equal(KubeConfigException.NotFound, error.Id);
        Assert.Contains(_files.In("nowhere"), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_a_list_missing_and_empty_files_are_skipped_and_all_others_count()
    {
        var one = _files.Write("one", KubeConfigText.With(name: "one"));
        var empty = _files.Write("empty", "# nothing yet\n");
        var two = _files.Write("two", KubeConfigText.With(name: "two"));
        _files.Set("KUBECONFIG", string.Join(Path.PathSeparator, _files.In("missing"), one, empty, "", two, one));

        var config = _files.Load();

        Assert.Equal(["one", "two"], config.ContextNames);
        Assert.Equal("one", config.CurrentContext);
        Assert.Equal([one, two], config.Files);
    }

    [Fact]
    public void Of_a_list_the_first_file_wins_entry_by_entry()
    {
        var first = _files.Write("first", "clusters: [{name: one-cluster, cluster: {server: 'https://first:1'}}]");
        var second = _files.Write("second", KubeConfigText.With(cluster: "server: https://second:2\ntls-server-name: second", context: "namespace: from-second"));
        _files.Set("KUBECONFIG", first + Path.PathSeparator + second);

        var connection = _files.Load().Resolve();

        Assert.Equal("https://first:1/", connection.Server.AbsoluteUri);
        Assert.Null(connection.Tls.ServerName);
        Assert.Equal("from-second", connection.Namespace);
    }

    [Fact]
    public void The_first_current_context_wins()
    {
        var first = _files.Write("first", "current-context: two\n");
        var second = _files.Write("second", KubeConfigText.With(name: "one"));
        var third = _files.Write("third", KubeConfigText.With(name: "two"));
        _files.Set("KUBECONFIG", string.Join(Path.PathSeparator, first, second, third));

        Assert.Equal("two", _files.Load().Resolve().Name);
    }

    [Fact]
    public void A_list_of_which_nothing_exists_is_an_error_that_names_it()
    {
        _files.Set("KUBECONFIG", _files.In("a") + Path.PathSeparator + _files.In("b"));

        var error = Assert.Throws<KubeConfigException>(() => _files.Load());

        Assert.Equal(KubeConfigException.NotFound, error.Id);
        Assert.Contains(_files.In("b"), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_broken_file_in_a_list_is_an_error()
    {
        var good = _files.Write("good", KubeConfigText.With());
        _files.Set("KUBECONFIG", good + Path.PathSeparator + _files.Write("bad", "clusters: ["));

        var error = Assert.Throws<KubeConfigException>(() => _files.Load());

        Assert.Equal(_files.In("bad"), error.File);
    }

    [Fact]
    public void Without_list_the_home_directorys_file_is_read()
    {
        _files.Set("HOME", _files.Path);
        _files.Write(".kube/config", KubeConfigText.With(name: "home"));

        Assert.Equal(["home"], (KubeConfig.Load(null, _files.Environment with { IsWindows = false })).ContextNames);
    }

    [Theory]
    [InlineData(@"C:\one;D:\two;E:\three", @"C:\one")]
    [InlineData(@"D:\two;E:\three", @"D:\two")]
    [InlineData(@"E:\three", @"E:\three")]
    public void On_windows_the_first_home_with_a_file_is_home(string homesWithFile, string used)
    {
        var present = homesWithFile.Split(';').Select(home => home + @"\.kube\config").ToList();
        var variables = new Dictionary<string, string> { ["HOME"] = @"C:\one\", ["HOMEDRIVE"] = "D:", ["HOMEPATH"] = @"\two", ["USERPROFILE"] = @"E:\three" };
        var environment = new ConfigurationEnvironment
        {
            IsWindows = true,
            Variable = name => variables.GetValueOrDefault(name),
            FileExists = present.Contains,
            OpenRead = path => new MemoryStream(System.Text.Encoding.UTF8.GetBytes(KubeConfigText.With(name: "x"))),
        };

        Assert.Equal([used + @"\.kube\config"], KubeConfig.Load(null, environment).Files);
    }

    [Fact]
    public void On_windows_a_list_is_separated_by_semicolons()
    {
        _files.Set("KUBECONFIG", _files.Write("one", KubeConfigText.With(name: "one")) + ";" + _files.Write("two", KubeConfigText.With(name: "two")));

        Assert.Equal(["one", "two"], KubeConfig.Load(null, _files.Environment with { IsWindows = true }).ContextNames);
    }

    [Fact]
    public void Without_any_file_the_error_says_where_was_looked()
    {
        _files.Set("HOME", _files.Path);

        var error = Assert.Throws<KubeConfigException>(() => KubeConfig.Load(null, _files.Environment with { IsWindows = false }));

        Assert.Equal(KubeConfigException.NotFound, error.Id);
        Assert.Contains(_files.Path + "/.kube/config", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nowhere")]
    [InlineData("broken")]
    [InlineData(".")]
    [InlineData("bad\0name")]
    public void Names_for_completion_never_fail(string path)
    {
        _files.Write("broken", "contexts: [");

        Assert.Empty(KubeConfig.ReadContextNames(path, _files.Environment));
    }

    [Fact]
    public void Names_for_completion_come_in_the_files_order()
    {
        var file = _files.Write("config", "contexts: [{name: b, context: {}}, {name: a, context: {}}, {name: b, context: {}}]");

        Assert.Equal(["b", "a"], KubeConfig.ReadContextNames(file, _files.Environment));
    }
}
