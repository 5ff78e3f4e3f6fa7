using MeshRoll.Sandbox.Patching;

namespace MeshRoll.Sandbox.Tests.Patching;

public sealed class EmptyFieldsTests
{
    [Theory]
    [InlineData("Pod", "{'metadata':{'labels':{},'annotations':{'a':''},'finalizers':[]}}", "{'metadata':{'annotations':{'a':''}}}")]
    [InlineData("Pod", "{'spec':{'containers':[{'args':[],'resources':{'limits':{}}}],'volumes':[{'emptyDir':{}}]}}", "{'spec':{'containers':[{'resources':{}}],'volumes':[{'emptyDir':{}}]}}")]
    [InlineData("Pod", "{'spec':{'containers':[],'tolerations':[]}}", "{'spec':{'containers':[]}}")]
    [InlineData("Deployment", "{'spec':{'paused':false,'replicas':0}}", "{'spec':{'replicas':0}}")]
    [InlineData("Deployment", "{'spec':{'paused':true}}", "{'spec':{'paused':true}}")]
    [InlineData("Service", "{'spec':{'selector':{}}}", "{'spec':{}}")]
    [InlineData("Deployment", "{'spec':{'selector':{}}}", "{'spec':{'selector':{}}}")]
    [InlineData("ConfigMap", "{'data':{}}", "{}")]
    [InlineData("ControllerRevision", "{'metadata':{'labels':{}},'data':{'spec':{'x':[]}}}", "{'metadata':{},'data':{'spec':{'x':[]}}}")]
    [InlineData("Rollout", "{'metadata':{'labels':{}}}", "{'metadata':{'labels':{}}}")]
    public void Empty_lists_and_maps_of_text_are_left_out_of_built_in_kinds(string kind, string document, string expected)
    {
        var tidied = Json.Object(document);

        EmptyFields.Drop(tidied, kind);

        Json.AssertSame(expected, tidied);
    }
}
