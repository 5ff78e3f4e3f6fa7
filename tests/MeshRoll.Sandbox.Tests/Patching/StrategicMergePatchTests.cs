using MeshRoll.Sandbox.Patching;

namespace MeshRoll.Sandbox.Tests.Patching;

public sealed class StrategicMergePatchTests
{
    [Theory]
    [InlineData("{'spec':{'a':1,'b':{'c':2}}}", "{'spec':{'b':{'d':3}}}", "{'spec':{'a':1,'b':{'c':2,'d':3}}}")]
    [InlineData("{'metadata':{'labels':{'a':'1','b':'2'}}}", "{'metadata':{'labels':{'a':null}}}", "{'metadata':{'labels':{'b':'2'}}}")]
    [InlineData("{'spec':{'a':1}}", "{'spec':{'b':null,'c':{'d':null,'e':1}}}", "{'spec':{'a':1,'c':{'e':1}}}")]
    [InlineData("{'spec':{'a':{'b':1}}}", "{'spec':{'a':7}}", "{'spec':{'a':7}}")]
    [InlineData("{'spec':{'a':7}}", "{'spec':{'a':{'b':null,'c':1}}}", "{'spec':{'a':{'c':1}}}")]
    [InlineData("{'spec':{'tolerations':[{'key':'a'}]}}", "{'spec':{'tolerations':[{'key':'b'}]}}", "{'spec':{'tolerations':[{'key':'b'}]}}")]
    public void Objects_merge_null_removes_and_lists_without_a_key_are_replaced(string document, string patch, string expected) => AssertPatched("Pod", document, patch, expected);

    [Theory]
    [InlineData("Pod", "containers", "name", "'a'", "'b'")]
    [InlineData("Pod", "initContainers", "name", "'a'", "'b'")]
    [InlineData("Pod", "ephemeralContainers", "name", "'a'", "'b'")]
    [InlineData("Pod", "volumes", "name", "'a'", "'b'")]
    [InlineData("Pod", "imagePullSecrets", "name", "'a'", "'b'")]
    [InlineData("Pod", "hostAliases", "ip", "'127.0.0.1'", "'127.0.0.2'")]
    [InlineData("Pod", "topologySpreadConstraints", "topologyKey", "'zone'", "'host'")]
    [InlineData("Pod", "schedulingGates", "name", "'a'", "'b'")]
    [InlineData("Service", "ports", "port", "80", "443")]
    public void A_keyed_list_of_the_spec_merges_by_its_key(string kind, string list, string key, string one, string other) => AssertPatched(
        kind,
        $"{{'spec':{{'{list}':[{{'{key}':{one},'x':1}},{{'{key}':{other},'x':2}}]}}}}",
        $"{{'spec':{{'{list}':[{{'{key}':{other},'x':3}}]}}}}",
        $"{{'spec':{{'{list}':[{{'{key}':{one},'x':1}},{{'{key}':{other},'x':3}}]}}}}");

    [Theory]
    [InlineData("env", "name", "'A'", "'B'")]
    [InlineData("ports", "containerPort", "80", "443")]
    [InlineData("volumeMounts", "mountPath", "'/a'", "'/b'")]
    [InlineData("volumeDevices", "devicePath", "'/a'", "'/b'")]
    public void A_keyed_list_of_a_container_merges_wherever_the_pod_template_is(string list, string key, string one, string other)
    {
        foreach (var kind in new[] { "Deployment", "ReplicaSet", "StatefulSet", "DaemonSet", "Job" })
        {
            AssertPatched(
                kind,
                $"{{'spec':{{'template':{{'spec':{{'containers':[{{'name':'c','{list}':[{{'{key}':{one},'x':1}},{{'{key}':{other},'x':2}}]}}]}}}}}}}}",
                $"{{'spec':{{'template':{{'spec':{{'containers':[{{'name':'c','{list}':[{{'{key}':{one},'x':9}}]}}]}}}}}}}}",
                $"{{'spec':{{'template':{{'spec':{{'containers':[{{'name':'c','{list}':[{{'{key}':{one},'x':9}},{{'{key}':{other},'x':2}}]}}]}}}}}}}}");
        }
    }

    [Theory]
    [InlineData("Pod")]
    [InlineData("Deployment")]
    [InlineData("Job")]
    [InlineData("Namespace")]
    [InlineData("Node")]
    [InlineData("HorizontalPodAutoscaler")]
    [InlineData("PodDisruptionBudget")]
    public void Conditions_merge_by_type(string kind) => AssertPatched(
        kind,
        "{'status':{'conditions':[{'type':'A','status':'True'},{'type':'B','status':'True'}]}}",
        "{'status':{'conditions':[{'type':'B','status':'False'}]}}",
        "{'status':{'conditions':[{'type':'A','status':'True'},{'type':'B','status':'False'}]}}");

    [Theory]
    [InlineData("MutatingWebhookConfiguration")]
    [InlineData("ValidatingWebhookConfiguration")]
    public void Webhooks_merge_by_name(string kind) => AssertPatched(
        kind,
        "{'webhooks':[{'name':'a','failurePolicy':'Fail','rules':[1]},{'name':'b'}]}",
        "{'webhooks':[{'name':'a','failurePolicy':'Ignore','rules':[2]}]}",
        "{'webhooks':[{'name':'a','failurePolicy':'Ignore','rules':[2]},{'name':'b'}]}");

    [Fact]
    public void Owners_merge_by_uid_and_finalizers_as_a_set_in_every_kind() => AssertPatched(
        "ConfigMap",
        "{'metadata':{'finalizers':['a','b'],'ownerReferences':[{'uid':'1','name':'x'}]}}",
        "{'metadata':{'finalizers':['c','a'],'ownerReferences':[{'uid':'2','name':'y'}]}}",
        "{'metadata':{'finalizers':['c','a','b'],'ownerReferences':[{'uid':'2','name':'y'},{'uid':'1','name':'x'}]}}");

    [Fact]
    public void The_selector_of_a_disruption_budget_is_replaced_whole() => AssertPatched(
        "PodDisruptionBudget",
        "{'spec':{'selector':{'matchLabels':{'a':'1'}}}}",
        "{'spec':{'selector':{'matchLabels':{'b':'2'}}}}",
        "{'spec':{'selector':{'matchLabels':{'b':'2'}}}}");

    [Fact]
    public void A_new_element_comes_before_those_the_patch_does_not_name() => AssertPatched(
        "Pod",
        "{'spec':{'containers':[{'name':'a'},{'name':'b'}]}}",
        "{'spec':{'containers':[{'name':'new','image':'i','env':null}]}}",
        "{'spec':{'containers':[{'name':'new','image':'i'},{'name':'a'},{'name':'b'}]}}");

    [Theory]
    [InlineData("{'spec':{'a':{'$patch':'replace','c':1}}}", "{'spec':{'a':{'c':1},'volumes':[{'name':'v'},{'name':'w'}]}}")]
    [InlineData("{'spec':{'a':{'$patch':'delete'}}}", "{'spec':{'a':{},'volumes':[{'name':'v'},{'name':'w'}]}}")]
    [InlineData("{'spec':{'volumes':[{'name':'v','$patch':'delete'}]}}", "{'spec':{'a':{'b':1},'volumes':[{'name':'w'}]}}")]
    [InlineData("{'spec':{'volumes':[{'$patch':'replace'},{'name':'x'}]}}", "{'spec':{'a':{'b':1},'volumes':[{'name':'x'}]}}")]
    [InlineData("{'spec':{'volumes':[{'name':'v','x':{'$patch':'delete'}}]}}", "{'spec':{'a':{'b':1},'volumes':[{'name':'v'},{'name':'w'}]}}")]
    [InlineData("{'spec':{'other':{'$patch':'delete'}}}", "{'spec':{'a':{'b':1},'volumes':[{'name':'v'},{'name':'w'}]}}")]
    [InlineData("{'spec':{'other':[{'$patch':'delete'},{'x':1}]}}", "{'spec':{'a':{'b':1},'volumes':[{'name':'v'},{'name':'w'}],'other':[{'x':1}]}}")]
    [InlineData("{'spec':{'a':[{'$patch':'delete'}]}}", "{'spec':{'a':[],'volumes':[{'name':'v'},{'name':'w'}]}}")]
    public void The_patch_directive_replaces_or_deletes(string patch, string expected) =>
        AssertPatched("Pod", "{'spec':{'a':{'b':1},'volumes':[{'name':'v'},{'name':'w'}]}}", patch, expected);

    [Fact]
    public void Where_there_is_a_plain_value_a_deleted_object_removes_it() =>
        AssertPatched("Pod", "{'spec':{'a':7}}", "{'spec':{'a':{'$patch':'delete'}}}", "{'spec':{}}");

    [Theory]
    [InlineData("{'strategy':{'$retainKeys':['type'],'type':'Recreate'}}", "{'strategy':{'type':'Recreate'}}")]
    [InlineData("{'strategy':{'$retainKeys':['type','rollingUpdate'],'type':'RollingUpdate'}}", "{'strategy':{'type':'RollingUpdate','rollingUpdate':{'maxSurge':1}}}")]
    [InlineData("{'strategy':{'$retainKeys':['type'],'rollingUpdate':null,'$setElementOrder/x':[]}}", "{'strategy':{'type':'X'}}")]
    [InlineData("{'other':{'$retainKeys':['a'],'a':1}}", "{'strategy':{'type':'X','rollingUpdate':{'maxSurge':1}},'other':{'a':1}}")]
    public void RetainKeys_clears_what_it_does_not_name(string patch, string expected) =>
        AssertPatched("Deployment", "{'spec':{'strategy':{'type':'X','rollingUpdate':{'maxSurge':1}}}}", $"{{'spec':{patch}}}", $"{{'spec':{expected}}}");

    [Theory]
    [InlineData("{'$deleteFromPrimitiveList/finalizers':['b']}", "{'finalizers':['a','c']}")]
    [InlineData("{'$deleteFromPrimitiveList/finalizers':['b','x'],'finalizers':['d']}", "{'finalizers':['d','a','c']}")]
    [InlineData("{'$deleteFromPrimitiveList/missing':['b']}", "{'finalizers':['a','b','c']}")]
    [InlineData("{'$deleteFromPrimitiveList/finalizers':null}", "{'finalizers':['a','b','c']}")]
    [InlineData("{'$deleteFromPrimitiveList/finalizers':'b'}", "{'finalizers':['a','b','c']}")]
    public void Values_are_deleted_from_lists_of_plain_values(string patch, string expected) =>
        AssertPatched("Pod", "{'metadata':{'finalizers':['a','b','c']}}", $"{{'metadata':{patch}}}", $"{{'metadata':{expected}}}");

    [Fact]
    public void Deleting_nothing_from_an_empty_list_leaves_it() =>
        AssertPatched("Pod", "{'metadata':{'finalizers':[]}}", "{'metadata':{'$deleteFromPrimitiveList/finalizers':[]}}", "{'metadata':{'finalizers':[]}}");

    [Fact]
    public void Objects_named_in_a_deletion_list_merge_as_ever() =>
        AssertPatched("Pod", "{'spec':{'volumes':[{'name':'a'}]}}", "{'spec':{'$deleteFromPrimitiveList/volumes':[{'name':'a','x':1}]}}", "{'spec':{'volumes':[{'name':'a','x':1}]}}");

    [Theory]
    [InlineData("'$setElementOrder/containers':[{'name':'c'},{'name':'a'}]", "b,c,a")]
    [InlineData("'$setElementOrder/containers':[{'name':'n'},{'name':'a'}],'containers':[{'name':'n'}]", "n,a,b,c")]
    [InlineData("'$setElementOrder/containers':[{'name':'a'},{'name':'n'}],'containers':[{'name':'n'},{'name':'b','$patch':'delete'}]", "a,n,c")]
    [InlineData("'$setElementOrder/containers':[],'containers':[{'name':'n'}]", "a,b,c,n")]
    [InlineData("'$setElementOrder/missing':[{'name':'a'}]", "a,b,c")]
    public void The_order_of_elements_is_set(string patch, string expected)
    {
        var patched = StrategicMergePatch.Apply(Json.Object("{'spec':{'containers':[{'name':'a'},{'name':'b'},{'name':'c'}]}}"), Json.Object($"{{'spec':{{{patch}}}}}"), "Pod");

        Assert.Equal(expected, string.Join(',', patched["spec"]!["containers"]!.AsArray().Select(container => container!["name"]!.GetValue<string>())));
    }

    [Fact]
    public void The_order_of_a_new_list_is_set() => AssertPatched(
        "Pod",
        "{'spec':{}}",
        "{'spec':{'$setElementOrder/containers':[{'name':'a'},{'name':'b'}],'containers':[{'name':'a'},{'name':'b'},{'name':'c','$patch':'delete'}]}}",
        "{'spec':{'containers':[{'name':'a'},{'name':'b'}]}}");

    [Fact]
    public void The_order_of_plain_values_is_set() => AssertPatched(
        "Pod",
        "{'metadata':{'finalizers':['a','b']}}",
        "{'metadata':{'$setElementOrder/finalizers':['b','a','c'],'finalizers':['c']}}",
        "{'metadata':{'finalizers':['b','a','c']}}");

    [Fact]
    public void An_order_for_a_list_that_is_replaced_orders_the_new_one() => AssertPatched(
        "Pod",
        "{'spec':{'args':['a','b']}}",
        "{'spec':{'$setElementOrder/args':['d','c'],'args':['d','c']}}",
        "{'spec':{'args':['d','c']}}");

    [Fact]
    public void Directives_in_what_is_new_do_not_stay() => AssertPatched(
        "Pod",
        "{'spec':{'containers':[{'name':'a'}]}}",
        "{'spec':{'containers':[{'name':'n','$setElementOrder/env':[{'name':'X'}],'env':[{'name':'X'}],'x':{'$retainKeys':['y'],'y':1}}]}}",
        "{'spec':{'containers':[{'name':'n','env':[{'name':'X'}],'x':{'y':1}},{'name':'a'}]}}");

    [Fact]
    public void Two_empty_lists_stay_empty() => AssertPatched("Pod", "{'metadata':{'finalizers':[]}}", "{'metadata':{'finalizers':[]}}", "{'metadata':{'finalizers':[]}}");

    [Theory]
    [InlineData(400, "{'spec':{'a':{'$retainKeys':'b'}}}", "invalid patch format of retainKeys")]
    [InlineData(400, "{'spec':{'a':{'$retainKeys':['b'],'c':1}}}", "invalid patch format of retainKeys")]
    [InlineData(400, "{'spec':{'$setElementOrder':[]}}", "invalid patch format of setElementOrder list")]
    [InlineData(400, "{'spec':{'$deleteFromPrimitiveList':[]}}", "invalid patch format of primitive list")]
    [InlineData(400, "{'spec':{'$deleteFromPrimitiveListOf/a':[]}}", "invalid patch format of primitive list")]
    [InlineData(500, "{'spec':{'a':{'$patch':'merge','c':[1,true,null]}}}", "unknown patch type: merge in map: map[$patch:merge c:[1 true <nil>]]")]
    [InlineData(500, "{'spec':{'containers':[{'name':'a','$patch':'merge'}]}}", "merging lists cannot yet be specified in the patch")]
    [InlineData(500, "{'spec':{'containers':[{'name':'a','$patch':'x'}]}}", "unknown patch type: x in map: map[$patch:x name:a]")]
    [InlineData(500, "{'spec':{'containers':[{'image':'i'}]}}", "map: map[image:i] does not contain declared merge key: name")]
    [InlineData(500, "{'spec':{'containers':[{'$patch':'delete'}]}}", "map: map[$patch:delete] does not contain declared merge key: name")]
    [InlineData(500, "{'spec':{'containers':['a']}}", "list element types are not identical: [[map[name:a]] [a]]")]
    [InlineData(500, "{'metadata':{'finalizers':[{'a':1}]}}", "cannot merge lists without merge key for finalizers")]
    [InlineData(500, "{'spec':{'$setElementOrder/containers':{}}}", "expected a []interface {}, but received a map[string]interface {}")]
    [InlineData(500, "{'spec':{'$setElementOrder/a':[]}}", "expected a []interface {}, but received a map[string]interface {}")]
    [InlineData(500, "{'spec':{'$setElementOrder/containers':[],'containers':'x'}}", "expected a []interface {}, but received a string")]
    [InlineData(500, "{'spec':{'$setElementOrder/containers':[],'containers':1}}", "expected a []interface {}, but received a int64")]
    [InlineData(500, "{'spec':{'$setElementOrder/containers':[],'containers':1.5}}", "expected a []interface {}, but received a float64")]
    [InlineData(500, "{'spec':{'$setElementOrder/containers':[],'containers':true}}", "expected a []interface {}, but received a bool")]
    [InlineData(500, "{'spec':{'$setElementOrder/containers':null}}", "expected a []interface {}, but received a %!s(<nil>)")]
    [InlineData(500, "{'spec':{'$setElementOrder/containers':[{'name':'b'}],'containers':[{'name':'c'}]}}", "The order in patch list:\n[map[name:c]]\n doesn't match $setElementOrder list:\n[map[name:b]]\n")]
    public void A_wrong_patch_says_what_the_server_says(int code, string patch, string message)
    {
        var document = Json.Object("{'metadata':{'finalizers':[]},'spec':{'a':{},'containers':[{'name':'a'}]}}");

        var exception = Assert.Throws<PatchException>(() => StrategicMergePatch.Apply(document, Json.Object(patch), "Pod"));

        Assert.Equal((code, message), (exception.Code, exception.Message));
    }

    [Fact]
    public void Lists_of_lists_are_invalid()
    {
        var exception = Assert.Throws<PatchException>(() => StrategicMergePatch.Apply(Json.Object("{'metadata':{'finalizers':[[]]}}"), Json.Object("{'metadata':{'finalizers':[[]]}}"), "Pod"));

        Assert.Equal((422, "lists of lists are not supported"), (exception.Code, exception.Explanation));
    }

    [Fact]
    public void Custom_resources_know_no_strategic_merge_patch()
    {
        var exception = Assert.Throws<PatchException>(() => StrategicMergePatch.Apply([], [], "Rollout"));

        Assert.Equal((415, "UnsupportedMediaType"), (exception.Code, exception.Reason));
        Assert.EndsWith("accepted media types include: application/json-patch+json, application/merge-patch+json", exception.Message, StringComparison.Ordinal);
    }

    private static void AssertPatched(string kind, string document, string patch, string expected)
    {
        var (before, change) = (Json.Object(document), Json.Object(patch));

        Json.AssertSame(expected, StrategicMergePatch.Apply(before, change, kind));

        Json.AssertSame(document, before);
        Json.AssertSame(patch, change);
    }
}
