using System.Buffers;
using System.Text;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Models;
using MeshRoll.Kubernetes.Models.Protobuf;
using MeshRoll.Sandbox.Protobuf;

namespace MeshRoll.Sandbox.Tests.Protobuf;

public sealed class ProtobufDocumentTests
{
    private static readonly ReadOnlyMemory<byte> Pod = Encoding.UTF8.GetBytes(Samples.Pod);
    private static readonly ReadOnlyMemory<byte> Bare = Encoding.UTF8.GetBytes("""{"metadata":{"name":"bare"}}""");

    [Fact]
    public void A_list_is_what_the_wire_library_reads()
    {
        var list = ProtobufDocument.List("v1", "Pod", new("77", "next", 5), [Pod, Bare]);

        var (parser, items) = Read(new ProtobufListParser<Pod>(Resources.Pods, PodProtobuf.Read, null), list);

        Assert.Equal(("PodList", "77", "next"), (parser.Kind, parser.ResourceVersion, parser.Continue));
        Assert.Equal(["web", "bare"], items.Select(pod => pod.Metadata.Name));
        Assert.Equal("CrashLoopBackOff", Assert.Single(items[0].Status.ContainerStatuses).State.Waiting?.Reason);
    }

    [Fact]
    public void A_list_of_objects_that_were_encoded_before_is_the_same()
    {
        var output = new ArrayBufferWriter<byte>();

        ProtobufDocument.WriteList(output, "v1", "Pod", new("77", "next", 5), [ProtobufEncoder.EncodeItem("Pod", Pod.Span), ProtobufEncoder.EncodeItem("Pod", Bare.Span)]);

        Assert.Equal(ProtobufDocument.List("v1", "Pod", new("77", "next", 5), [Pod, Bare]).ToArray(), output.WrittenSpan.ToArray());
    }

    [Fact]
    public void An_empty_list_is_a_list()
    {
        var (parser, items) = Read(new ProtobufListParser<Pod>(Resources.Pods, PodProtobuf.Read, null), ProtobufDocument.List("v1", "Pod", new("1"), []));

        Assert.Equal(("1", ""), (parser.ResourceVersion, parser.Continue));
        Assert.Empty(items);
    }

    [Fact]
    public void A_list_can_be_metadata_alone()
    {
        var (parser, items) = Read(new ProtobufListParser<PartialObject>(Partial(), MetadataProtobuf.ReadPartial, null), ProtobufDocument.MetadataList("v1", new("77"), [Pod]));

        Assert.Equal("PartialObjectMetadataList", parser.Kind);
        Assert.Equal("6b1d", Assert.Single(items).Metadata.Uid);
    }

    [Fact]
    public void One_object_stands_in_an_envelope()
    {
        var envelope = ProtobufEnvelope.Open(ProtobufDocument.Object("v1", "Pod", Pod.Span).Span);
        var reader = new ProtobufReader(envelope.Raw);

        Assert.Equal("Pod", envelope.Kind);
        Assert.Equal("node-1", PodProtobuf.Read(ref reader).Spec.NodeName);
        Assert.Equal("PartialObjectMetadata", ProtobufEnvelope.Open(ProtobufDocument.Metadata("v1", Pod.Span).Span).Kind);
    }

    [Fact]
    public void Many_pods_are_written_in_one_go()
    {
        var (parser, items) = Read(new ProtobufListParser<Pod>(Resources.Pods, PodProtobuf.Read, null), ProtobufDocument.List("v1", "Pod", new("1"), Enumerable.Repeat(Pod, 2000)));

        Assert.Equal(2000, items.Count);
        Assert.Equal("1", parser.ResourceVersion);
    }

    private static Resource<PartialObject> Partial() => new() { Group = "", Version = "v1", Plural = "pods", Kind = "Pod", Protobuf = MetadataProtobuf.ReadPartial };

    private static (ListParser<T> Parser, List<T> Items) Read<T>(ListParser<T> parser, ReadOnlyMemory<byte> list)
        where T : class, IKubernetesObject
    {
        var items = new List<T>();
        while (true)
        {
            var step = parser.Next(list.Span, final: true, out var consumed, out var item);
            list = list[consumed..];
            if (item is not null) items.Add(item);
            if (step == ListStep.End) return (parser, items);
            Assert.Equal(ListStep.Item, step);
        }
    }
}
