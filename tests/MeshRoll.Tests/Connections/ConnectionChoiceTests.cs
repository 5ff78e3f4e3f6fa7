using MeshRoll.Connections;
using MeshRoll.Errors;
using MeshRoll.Kubernetes.Configuration;

namespace MeshRoll.Tests.Connections;

public sealed class ConnectionChoiceTests : IDisposable
{
    private readonly RunspaceConnections _connections = new();
    private readonly string _kubeConfig = Path.GetTempFileName();

    public ConnectionChoiceTests() => Write("blue");

    public void Dispose() => File.Delete(_kubeConfig);

    [Fact]
    public void What_was_connected_last_is_used_when_nothing_is_said()
    {
        _connections.Add(Clusters.Open("one"));
        var last = Clusters.Open("two");
        _connections.Add(last);

        Assert.Equal([last], Choice().Resolve());
        Assert.Equal(["two", "one"], _connections.All.Select(cluster => cluster.Name));
    }

    [Fact]
    public void A_context_is_opened_once_and_kept()
    {
        var first = Choice(context: "green").Resolve();
        Assert.Equal("green", Assert.Single(first).Name);
        Assert.Same(first[0], Choice(context: "green").Resolve()[0]);
    }

    [Fact]
    public void Another_current_context_counts_at_once()
    {
        Assert.Equal("blue", Choice(kubeConfig: _kubeConfig).Resolve()[0].Name);
        Write("green");
        Assert.Equal("green", Choice(kubeConfig: _kubeConfig).Resolve()[0].Name);
    }

    [Fact]
    public void Clusters_given_win_and_each_counts_once()
    {
        var (one, two) = (Clusters.Open("one"), Clusters.Open("two"));
        _connections.Add(Clusters.Open("three"));
        Assert.Equal([one, two], Choice([one, two, one]).Resolve());
    }

    [Theory]
    [InlineData("shop-eu")]
    [InlineData("eu-context")]
    public void A_name_finds_the_connection_of_that_name_or_context(string name)
    {
        var eu = Clusters.Open("shop-eu", "eu-context");
        _connections.Add(eu);
        _connections.Add(Clusters.Open("other"));
        Assert.Same(eu, Choice().ResolveFor(name));
    }

    [Fact]
    public void A_name_that_is_a_context_of_the_kubeconfig_opens_it() =>
        Assert.Equal("green", Choice(kubeConfig: _kubeConfig).ResolveFor("green").Context);

    [Fact]
    public void What_a_job_left_of_a_connection_finds_it_by_its_context() =>
        Assert.Equal("green", Choice([MeshCluster.Named("my name for it", "green")], kubeConfig: _kubeConfig).Resolve()[0].Context);

    [Fact]
    public void An_unknown_name_is_an_error_that_says_how_to_connect()
    {
        var error = Assert.Throws<CommandException>(() => Choice(kubeConfig: _kubeConfig).ResolveFor("nowhere"));
        Assert.Equal("MeshRoll.ClusterNotConnected", error.Id);
        Assert.Contains("Connect-MeshCluster", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_object_of_another_cluster_than_the_one_given_is_refused()
    {
        var given = Clusters.Open("one");
        Assert.Same(given, Choice([given]).ResolveFor("one"));
        Assert.Equal("MeshRoll.ClusterMismatch", Assert.Throws<CommandException>(() => Choice([given]).ResolveFor("two")).Id);
        Assert.Equal("MeshRoll.ClusterMismatch", Assert.Throws<CommandException>(() => Choice(context: "green").ResolveFor("blue")).Id);
    }

    [Fact]
    public void An_unknown_context_is_an_error() =>
        Assert.Equal(KubeConfigException.ContextNotFound, Assert.Throws<KubeConfigException>(() => Choice(context: "red").Resolve()).Id);

    [Fact]
    public void A_connection_made_again_under_its_name_takes_the_place_of_the_first()
    {
        _connections.Add(Clusters.Open("one"));
        var again = Clusters.Open("one");
        _connections.Add(again);
        Assert.Equal([again], _connections.All);
    }

    [Fact]
    public void Removed_connections_are_forgotten_and_the_one_before_is_the_default()
    {
        var (one, two) = (Clusters.Open("one"), Clusters.Open("two"));
        _connections.Add(one);
        _connections.Add(two);
        _connections.Remove([two]);
        Assert.Same(one, _connections.Default);
    }

    private ConnectionChoice Choice(IReadOnlyList<MeshCluster>? clusters = null, string? context = null, string? kubeConfig = null) =>
        new(_connections, clusters ?? [], context, kubeConfig ?? (context is null ? null : _kubeConfig));

    private void Write(string current)
    {
        File.WriteAllText(_kubeConfig, $$$"""
            apiVersion: v1
            kind: Config
            current-context: {{{current}}}
            clusters: [{name: c, cluster: {server: "https://127.0.0.1:1"}}]
            users: [{name: u, user: {token: t}}]
            contexts:
            - {name: blue, context: {cluster: c, user: u}}
            - {name: green, context: {cluster: c, user: u}}
            """);
        // Two writes within one tick of the file system's clock would look like one.
        File.SetLastWriteTimeUtc(_kubeConfig, DateTime.UtcNow.AddSeconds(current.Length));
    }
}
