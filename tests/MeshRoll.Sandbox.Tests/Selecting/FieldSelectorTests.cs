using System.Text.Json;
using MeshRoll.Sandbox.Selecting;

namespace MeshRoll.Sandbox.Tests.Selecting;

public sealed class FieldSelectorTests
{
    private const string Pod = """
        {"metadata":{"name":"web","namespace":"shop"},"spec":{"nodeName":"node-1","restartPolicy":"Always","schedulerName":"default-scheduler",
        "serviceAccountName":"sa","hostNetwork":true},"status":{"phase":"Running","podIP":"10.0.0.1","nominatedNodeName":"node-2","podIPs":[]}}
        """;

    private const string Event = """
        {"metadata":{"name":"e"},"involvedObject":{"kind":"Pod","namespace":"shop","name":"web","uid":"u","apiVersion":"v1","resourceVersion":"7",
        "fieldPath":"spec.containers{app}"},"reason":"Killing","reportingComponent":"kubelet","type":"Normal"}
        """;

    [Theory]
    [InlineData("Pod", "", Pod, true)]
    [InlineData("Pod", ",,", Pod, true)]
    [InlineData("Pod", "metadata.name=web", Pod, true)]
    [InlineData("Pod", "metadata.name==web", Pod, true)]
    [InlineData("Pod", "metadata.name!=web", Pod, false)]
    [InlineData("Pod", "metadata.namespace=shop,metadata.name=web", Pod, true)]
    [InlineData("Pod", "metadata.namespace=shop,metadata.name=x", Pod, false)]
    [InlineData("Pod", "spec.nodeName=node-1", Pod, true)]
    [InlineData("Pod", "spec.nodeName=", Pod, false)]
    [InlineData("Pod", "spec.restartPolicy=Always", Pod, true)]
    [InlineData("Pod", "spec.schedulerName=default-scheduler", Pod, true)]
    [InlineData("Pod", "spec.serviceAccountName=sa", Pod, true)]
    [InlineData("Pod", "spec.hostNetwork=true", Pod, true)]
    [InlineData("Pod", "spec.hostNetwork=false", "{}", true)]
    [InlineData("Pod", "status.phase=Running", Pod, true)]
    [InlineData("Pod", "status.phase=", "{}", true)]
    [InlineData("Pod", "status.phase!=Running", "{\"status\":7}", true)]
    [InlineData("Pod", "status.podIP=10.0.0.1", Pod, true)]
    [InlineData("Pod", "status.podIPs=10.0.0.1", Pod, false)]
    [InlineData("Pod", "status.nominatedNodeName=node-2", Pod, true)]
    [InlineData("Event", "involvedObject.kind=Pod,involvedObject.namespace=shop,involvedObject.name=web,involvedObject.uid=u", Event, true)]
    [InlineData("Event", "involvedObject.apiVersion=v1,involvedObject.resourceVersion=7", Event, true)]
    [InlineData("Event", "involvedObject.fieldPath=spec.containers{app}", Event, true)]
    [InlineData("Event", "reason=Killing,type=Normal,reportingComponent=kubelet", Event, true)]
    [InlineData("Event", "source=kubelet", Event, true)]
    [InlineData("Event", "source=x", "{\"source\":{\"component\":\"x\"},\"reportingComponent\":\"y\"}", true)]
    [InlineData("Node", "spec.unschedulable=true", "{\"spec\":{\"unschedulable\":true}}", true)]
    [InlineData("Node", "spec.unschedulable=false", "{\"spec\":{\"unschedulable\":false}}", true)]
    [InlineData("Node", "spec.unschedulable!=false", "{\"spec\":{}}", false)]
    [InlineData("Namespace", "status.phase=Active,metadata.name=shop", "{\"metadata\":{\"name\":\"shop\"},\"status\":{\"phase\":\"Active\"}}", true)]
    [InlineData("Secret", "type=Opaque", "{\"type\":\"Opaque\"}", true)]
    [InlineData("ReplicaSet", "status.replicas=0", "{}", true)]
    [InlineData("ReplicaSet", "status.replicas=3", "{\"status\":{\"replicas\":3}}", true)]
    [InlineData("Job", "status.successful=1", "{\"status\":{\"succeeded\":1}}", true)]
    [InlineData("Job", "status.successful=0", "{\"status\":{}}", true)]
    [InlineData("Deployment", "metadata.name=web", Pod, true)]
    [InlineData("Rollout", "metadata.name=web", Pod, true)]
    [InlineData("ConfigMap", @"metadata.name=a\,b\=c\\d", """{"metadata":{"name":"a,b=c\\d"}}""", true)]
    [InlineData("Pod", "metadata.name=a!b", """{"metadata":{"name":"a!b"}}""", true)]
    public void A_query_selects_by_fields(string kind, string selector, string document, bool expected) =>
        Assert.Equal(expected, FieldSelector.Parse(selector, kind).Matches(JsonDocument.Parse(document).RootElement));

    [Theory]
    [InlineData("Pod", "spec.x=1", "field label not supported: spec.x")]
    [InlineData("Event", "involvedObject.x=1", "field label not supported: involvedObject.x")]
    [InlineData("Rollout", "spec.x=1", "field label not supported: spec.x")]
    [InlineData("ReplicaSet", "spec.x=1", "\"spec.x\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\"")]
    [InlineData("Job", "spec.x=1", "field label \"spec.x\" not supported for batchv1.Job")]
    [InlineData("Deployment", "spec.x=1", "\"spec.x\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\"")]
    [InlineData("Pod", "a!b=1", "field label not supported: a!b")]
    [InlineData("Pod", "metadata.name", "invalid selector: 'metadata.name'; can't understand 'metadata.name'")]
    [InlineData("Pod", "metadata.name=a,x!y", "invalid selector: 'metadata.name=a,x!y'; can't understand 'x!y'")]
    [InlineData("Pod", "metadata.name=a=b", "invalid field selector: unescaped character in value: 61")]
    [InlineData("Pod", @"metadata.name=a\x", @"invalid field selector: invalid escape sequence: \x")]
    [InlineData("Pod", @"metadata.name=a\", @"invalid field selector: invalid escape sequence: \")]
    public void A_wrong_query_says_what_the_server_says(string kind, string selector, string message) =>
        Assert.Equal(message, Assert.Throws<SelectorException>(() => FieldSelector.Parse(selector, kind)).Message);

    [Fact]
    public void The_one_value_a_field_must_have_is_told()
    {
        var selector = FieldSelector.Parse("metadata.name=web,status.phase!=Running", "Pod");

        Assert.Equal("web", selector.RequiredValue("metadata.name"));
        Assert.Null(selector.RequiredValue("status.phase"));
        Assert.False(selector.IsEverything);
        Assert.True(FieldSelector.Parse("", "Pod").IsEverything);
    }
}
