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
    public void OpenApi_defines_nothing()
    {
        Assert.Empty(JsonNode.Parse(OpenApiDocuments.V2Json)!["paths"]!.AsObject());
        Assert.Empty(JsonNode.Parse(OpenApiDocuments.V3Json)!["paths"]!.AsObject());

        var reader = new ProtobufReader(OpenApiDocuments.V2Protobuf);
        Assert.True(reader.Next());
        Assert.Equal("2.0", reader.Text());
        Assert.True(reader.Next());
        var info = reader.Message();
        Assert.True(info.Next());
        Assert.Equal("MeshRoll sandbox", info.Text());
        Assert.True(info.Next());
        Assert.Equal("v1.30.0", info.Text());
        Assert.False(info.Next());
        Assert.False(reader.Next());
    }
}
