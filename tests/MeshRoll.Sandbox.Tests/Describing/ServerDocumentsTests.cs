using System.Text;
using System.Text.Json.Nodes;
using MeshRoll.Kubernetes.Models.Protobuf;
using MeshRoll.Sandbox.Describing;

namespace MeshRoll.Sandbox.Tests.Describing;

public sealed class ServerDocumentsTests
{
    [Fact]
    public void The_version_says_that_it_is_no_real_cluster()
    {
        var document = JsonNode.Parse(ServerVersion.Document())!;

        Assert.Equal(("1", "30"), (document["major"]!.GetValue<string>(), document["minor"]!.GetValue<string>()));
        Assert.Contains("\"v1.30.0+meshroll\"", Encoding.UTF8.GetString(ServerVersion.Document()), StringComparison.Ordinal);
        Assert.Matches("^(linux|windows|darwin)/[a-z0-9]+$", document["platform"]!.GetValue<string>());
    }

    [Fact]
    public void OpenApi_defines_nothing_but_that_all_kinds_can_be_patched_on_trial()
    {
        var document = JsonNode.Parse(OpenApiDocuments.V2Json)!;
        Assert.Null(document["definitions"]);
        var patch = document["paths"]!["/apis/apps/v1/namespaces/{namespace}/deployments/{name}"]!["patch"]!;
        Assert.Equal("""{"group":"apps","kind":"Deployment","version":"v1"}""", patch["x-kubernetes-group-version-kind"]!.ToJsonString());
        Assert.Contains(patch["parameters"]!.AsArray(), parameter => parameter!["name"]!.GetValue<string>() == "dryRun");
    }

    [Fact]
    public void OpenApi_says_the_same_in_protobuf()
    {
        var reader = new ProtobufReader(OpenApiDocuments.V2Protobuf);
        Assert.True(reader.Next());
        Assert.Equal("2.0", reader.Text());
        Assert.True(reader.Next());
        var info = reader.Message();
        Assert.True(info.Next());
        Assert.Equal("MeshRoll sandbox", info.Text());

        Assert.True(reader.Next());
        Assert.Equal(8, reader.Field);
        var paths = reader.Message();
        var names = new List<string>();
        while (paths.Next())
        {
            var path = paths.Message();
            Assert.True(path.Next());
            names.Add(path.Text());
        }
        Assert.Equal(JsonNode.Parse(OpenApiDocuments.V2Json)!["paths"]!.AsObject().Select(path => path.Key), names);
        Assert.False(reader.Next());
    }
}
