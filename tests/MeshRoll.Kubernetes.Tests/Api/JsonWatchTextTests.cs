using System.Text;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Models;
using MeshRoll.Kubernetes.Models.Protobuf;

namespace MeshRoll.Kubernetes.Tests.Api;

public sealed class JsonWatchTextTests
{
    private static readonly ApiRequest s_request = new(HttpMethod.Get, "pods", new("watch", "pods", "shop", null));

    [Fact]
    public void Texts_that_repeat_are_made_once_and_read_the_same()
    {
        var parser = new JsonWatchParser<Pod>(new StringPool());
        var (one, other) = (Next(parser, "web-1"), Next(parser, "web-2"));

        Assert.Equal(("web-1", "web-2"), (one.Metadata.Name, other.Metadata.Name));
        Assert.Equal("{\"a\":\"ä\"}", other.Metadata.Annotations["status"]);
        Assert.Equal((null, "Always"), (other.Spec.Containers[0].RestartPolicy, other.Spec.Containers[1].RestartPolicy));
        Assert.Same(one.Metadata.Labels["app"], other.Metadata.Labels["app"]);
        Assert.Same(one.Metadata.Labels.Keys.Single(), other.Metadata.Labels.Keys.Single());
        Assert.Same(one.Spec.Containers[0].Image, other.Spec.Containers[0].Image);
    }

    [Fact]
    public void Without_a_pool_each_is_made_anew()
    {
        var parser = new JsonWatchParser<Pod>(null);

        Assert.NotSame(Next(parser, "web-1").Metadata.Labels["app"], Next(parser, "web-2").Metadata.Labels["app"]);
    }

    private static Pod Next(JsonWatchParser<Pod> parser, string name)
    {
        var line = """
            {"type":"ADDED","object":{"kind":"Pod","metadata":{"name":"NAME","resourceVersion":"7","labels":{"app":"web shop"},"annotations":{"status":"{\"a\":\"ä\"}"}},
            "spec":{"containers":[{"name":"app","image":"registry.test/app:1","restartPolicy":null},{"name":"proxy","restartPolicy":"Always"}]}}}
            """;
        return parser.Next(Encoding.UTF8.GetBytes(line.Replace("NAME", name, StringComparison.Ordinal).ReplaceLineEndings("") + "\n"), s_request, out _)!.Item!;
    }
}
