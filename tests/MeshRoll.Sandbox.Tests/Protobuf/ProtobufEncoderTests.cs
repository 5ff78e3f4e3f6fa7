using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Models;
using MeshRoll.Kubernetes.Models.Protobuf;
using MeshRoll.Sandbox.Protobuf;

namespace MeshRoll.Sandbox.Tests.Protobuf;

/// <summary>What the wire library reads from protobuf must be what it reads from the JSON it was made of.</summary>
public sealed class ProtobufEncoderTests
{
    [Fact]
    public void A_pod_reads_the_same() => AssertSame(Resources.Pods, Samples.Pod, pod => pod with
    {
        // From protobuf the library leaves out a pod's commands on purpose.
        Spec = pod.Spec with { Containers = [.. pod.Spec.Containers.Select(container => container with { Command = [], Args = [] })] },
    });

    [Fact]
    public void A_namespace_reads_the_same() => AssertSame(Resources.Namespaces, Samples.Namespace);

    [Fact]
    public void A_config_map_reads_the_same() => AssertSame(Resources.ConfigMaps, Samples.ConfigMap);

    [Fact]
    public void An_event_reads_the_same() => AssertSame(Resources.Events, Samples.Event);

    [Fact]
    public void A_deployment_reads_the_same() => AssertSame(Resources.Deployments, Samples.Deployment);

    [Fact]
    public void A_replica_set_reads_the_same() => AssertSame(Resources.ReplicaSets, Samples.ReplicaSet);

    [Fact]
    public void A_stateful_set_reads_the_same() => AssertSame(Resources.StatefulSets, Samples.StatefulSet);

    [Fact]
    public void A_daemon_set_reads_the_same() => AssertSame(Resources.DaemonSets, Samples.DaemonSet);

    [Fact]
    public void A_webhook_configuration_reads_the_same() => AssertSame(Resources.MutatingWebhookConfigurations, Samples.MutatingWebhookConfiguration);

    [Fact]
    public void Any_text_reads_the_same() => Prop.ForAll<Dictionary<NonNull<string>, NonNull<string>>>(entries =>
    {
        // A lone surrogate is no text: neither format can hold one.
        var data = entries.Where(entry => IsText(entry.Key.Get) && IsText(entry.Value.Get)).ToDictionary(entry => entry.Key.Get, entry => entry.Value.Get);
        var encoded = ProtobufEncoder.EncodeItem("ConfigMap", JsonSerializer.SerializeToUtf8Bytes(new { data }));
        var reader = new ProtobufReader(encoded);
        var read = ConfigMapProtobuf.Read(ref reader).Data;
        return read.OrderBy(entry => entry.Key, StringComparer.Ordinal).SequenceEqual(data.OrderBy(entry => entry.Key, StringComparer.Ordinal));
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(0)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(16_383)]
    [InlineData(16_384)]
    [InlineData(3_000_000)]
    public void A_message_of_any_length_gets_its_length(int length)
    {
        var text = new string('x', length);

        var reader = new ProtobufReader(ProtobufEncoder.EncodeItem("Namespace", JsonSerializer.SerializeToUtf8Bytes(new { metadata = new { annotations = new { text, after = "y" } } })));

        var annotations = NamespaceProtobuf.Read(ref reader).Metadata.Annotations;
        Assert.Equal((text, "y"), (annotations["text"], annotations["after"]));
    }

    [Fact]
    public void What_JSON_has_in_one_object_stands_in_two_messages() => Assert.Equal(
        "1:{1:'data' 2:{2:{2:{1:'1Gi'}}}} 2:{1:'app' 10:{1:{3:{1:{1=1 2=0 3:'http'}}} 4=3}} 34:{1:{1:'debug'} 1:{2:'tools'} 2:'app'}",
        Dump(
            "Pod",
            """{"spec":{"volumes":[{"name":"data","emptyDir":{"sizeLimit":"1Gi"}}],"containers":[{"name":"app","livenessProbe":{"tcpSocket":{"port":"http"},"periodSeconds":3}}],"ephemeralContainers":[{"name":"debug","image":"tools","targetContainerName":"app"}]}}""",
            2));

    [Fact]
    public void Rules_of_a_webhook_keep_what_they_match() => Assert.Equal(
        "2:{3:{1:'CREATE' 2:{1:''} 2:{3:'pods'}}}",
        Dump("MutatingWebhookConfiguration", """{"webhooks":[{"rules":[{"operations":["CREATE"],"apiGroups":[""],"resources":["pods"]}]}]}"""));

    [Theory]
    [InlineData("""{"metadata":{"name":7,"generation":"x","creationTimestamp":"soon","labels":["a"],"annotations":{"a":1},"finalizers":{"a":"b"},"ownerReferences":"x"}}""", "1:{12:{1:'a'}}")]
    [InlineData("""{"metadata":{"name":null,"labels":null,"creationTimestamp":null},"unknown":{"deep":[{"x":1}]},"data":[1,["a"]]}""", "1:{}")]
    [InlineData("""{"binaryData":{"a":"%%%","b":"AA=\u003d"},"immutable":"yes"}""", "3:{1:'a'} 3:{1:'b' 2:'\0'}")]
    [InlineData("""{"metadata":{"managedFields":[{"fieldsV1":{"f:a":{}}}]}}""", "1:{17:{7:{1:'{\"f:a\":{}}'}}}")]
    [InlineData("""{"metadata":{"generation":-1}}""", "1:{7=-1}")]
    public void What_does_not_fit_is_left_out(string json, string expected) => Assert.Equal(expected, Dump("ConfigMap", json));

    [Theory]
    [InlineData("""{"spec":{"overhead":{"cpu":2,"memory":"1Gi","x":{}}}}""", "32:{1:'cpu' 2:{1:'2'}} 32:{1:'memory' 2:{1:'1Gi'}} 32:{1:'x'}")]
    [InlineData("""{"spec":{"containers":[{"livenessProbe":{"httpGet":{"port":true}}}]}}""", "2:{10:{1:{2:{}}}}")]
    [InlineData("""{"spec":{"securityContext":{"supplementalGroups":[1,2]}}}""", "14:{4=1 4=2}")]
    public void Quantities_ports_and_lists_of_numbers(string json, string expected) => Assert.Equal(expected, Dump("Pod", json, 2));

    [Fact]
    public void A_kind_without_a_schema_cannot_be_written()
    {
        Assert.True(ProtobufEncoder.CanEncode("Pod"));
        Assert.False(ProtobufEncoder.CanEncode("Rollout"));
        Assert.Throws<ArgumentException>(() => ProtobufEncoder.EncodeItem("Rollout", "{}"u8));
    }

    private static bool IsText(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) == text;

    private static void AssertSame<T>(Resource<T> resource, string json, Func<T, T>? asFromProtobuf = null)
        where T : class, IKubernetesObject
    {
        var utf8 = Encoding.UTF8.GetBytes(json);
        var fromJson = JsonSerializer.Deserialize(utf8, Resource<T>.Json)!;
        var reader = new ProtobufReader(ProtobufEncoder.EncodeItem(resource.Kind, utf8));

        var fromProtobuf = resource.Protobuf!(ref reader);

        Assert.Equal(Text(asFromProtobuf?.Invoke(fromJson) ?? fromJson), Text(fromProtobuf));
    }

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private static string Text<T>(T value) => JsonSerializer.Serialize(value, Indented);

    // Fields as number:{message}, number:'text' and number=value; a message is told by its schema here.
    private static string Dump(string kind, string json, int? only = null)
    {
        var schema = ProtobufSchema.Find(kind)!;
        var bytes = ProtobufEncoder.EncodeItem(kind, Encoding.UTF8.GetBytes(json));
        return only is { } field ? ProtobufDump.Message(ProtobufDump.Inner(schema, field), ProtobufDump.Value(bytes, field)) : ProtobufDump.Message(schema, bytes);
    }
}
