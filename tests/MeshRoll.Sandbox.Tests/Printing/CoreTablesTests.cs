namespace MeshRoll.Sandbox.Tests.Printing;

public sealed class CoreTablesTests
{
    private const string Metadata = "'metadata':{'name':'x'," + Table.Created + "}";

    [Theory]
    [InlineData("", "Namespace", "Name | Status | Age", "'status':{'phase':'Active'}", "x | Active | 5m")]
    [InlineData("", "ConfigMap", "Name | Data | Age", "'data':{'a':'1','b':'2'},'binaryData':{'c':''}", "x | 3 | 5m")]
    [InlineData("", "Secret", "Name | Type | Data | Age", "'type':'Opaque','data':{'a':'1'}", "x | Opaque | 1 | 5m")]
    [InlineData("", "ServiceAccount", "Name | Secrets | Age", "'secrets':[{'name':'a'}]", "x | 1 | 5m")]
    [InlineData("coordination.k8s.io", "Lease", "Name | Holder | Age", "'spec':{'holderIdentity':'me'}", "x | me | 5m")]
    [InlineData("admissionregistration.k8s.io", "MutatingWebhookConfiguration", "Name | Webhooks | Age", "'webhooks':[{},{}]", "x | 2 | 5m")]
    [InlineData("admissionregistration.k8s.io", "ValidatingWebhookConfiguration", "Name | Webhooks | Age", "'webhooks':[]", "x | 0 | 5m")]
    [InlineData("", "ResourceQuota", "Name | Age | Request | Limit", "'status':{'hard':{'pods':'10','limits.cpu':'4','cpu':'2'},'used':{'pods':'3','limits.cpu':'1'}}", "x | 5m | cpu: 0/2, pods: 3/10 | limits.cpu: 1/4")]
    [InlineData("", "ResourceQuota", "Name | Age | Request | Limit", "'status':{}", "x | 5m |  | ")]
    [InlineData("other", "Thing", "Name | Age", "'spec':{}", "x | 5m")]
    public void Small_kinds(string group, string kind, string heading, string item, string expected)
    {
        Assert.Equal(heading, Table.Heading(group, kind));
        Assert.Equal(expected, Table.Row(group, kind, $"{{{Metadata},{item}}}"));
    }

    [Theory]
    [InlineData("'type':'ClusterIP','clusterIP':'10.0.0.1','ports':[{'port':80,'protocol':'TCP'}]", "", "ClusterIP | 10.0.0.1 | <none> | 80/TCP | 5m | <none>")]
    [InlineData("'type':'ClusterIP','clusterIP':'None','selector':{'b':'2','a':'1'},'externalIPs':['1.2.3.4']", "", "ClusterIP | None | 1.2.3.4 | <none> | 5m | a=1,b=2")]
    [InlineData("'type':'NodePort','clusterIP':'10.0.0.1','ports':[{'port':80,'nodePort':30080},{'port':53,'protocol':'UDP'}]", "", "NodePort | 10.0.0.1 | <none> | 80:30080/TCP,53/UDP | 5m | <none>")]
    [InlineData("'type':'LoadBalancer','clusterIP':'10.0.0.1'", "", "LoadBalancer | 10.0.0.1 | <pending> | <none> | 5m | <none>")]
    [InlineData("'type':'LoadBalancer','clusterIP':'10.0.0.1','externalIPs':['9.9.9.9']", "'loadBalancer':{'ingress':[{'ip':'5.6.7.8'},{'hostname':'lb.example'}]}", "LoadBalancer | 10.0.0.1 | 5.6.7.8,lb.example,9.9.9.9 | <none> | 5m | <none>")]
    [InlineData("'type':'ExternalName','externalName':'example.org'", "", "ExternalName | <none> | example.org | <none> | 5m | <none>")]
    public void A_service(string spec, string status, string expected)
    {
        Assert.Equal("Name | Type | Cluster-IP | External-IP | Port(s) | Age | Selector+", Table.Heading("", "Service"));
        Assert.Equal("x | " + expected, Table.Row("", "Service", $"{{{Metadata},'spec':{{{spec}}},'status':{{{status}}}}}", isWide: true));
    }

    [Theory]
    [InlineData("", "<none>")]
    [InlineData("{'notReadyAddresses':[{'ip':'10.0.0.1'}],'ports':[{'port':80}]}", "")]
    [InlineData("{'addresses':[{'ip':'10.0.0.1'},{'ip':'fd00::1'}],'ports':[{'port':80}]}", "10.0.0.1:80,[fd00::1]:80")]
    [InlineData("{'addresses':[{'ip':'10.0.0.1'},{'ip':'10.0.0.2'}],'ports':[{'port':80},{'port':443}]}", "10.0.0.1:80,10.0.0.2:80,10.0.0.1:443 + 1 more...")]
    [InlineData("{'addresses':[{'ip':'10.0.0.1'}]}", "10.0.0.1")]
    public void Endpoints(string subsets, string expected)
    {
        Assert.Equal("Name | Endpoints | Age", Table.Heading("", "Endpoints"));
        Assert.Equal($"x | {expected} | 5m", Table.Row("", "Endpoints", $"{{{Metadata},'subsets':[{subsets}]}}"));
    }

    [Theory]
    [InlineData("'conditions':[{'type':'Ready','status':'True'}]", "", "", "Ready | <none>")]
    [InlineData("'conditions':[{'type':'Ready','status':'Unknown'}]", "", "", "NotReady | <none>")]
    [InlineData("'conditions':[{'type':'Other','status':'True'}]", "", "", "Unknown | <none>")]
    [InlineData("'conditions':[{'type':'Ready','status':'True'}]", "'unschedulable':true", "", "Ready,SchedulingDisabled | <none>")]
    [InlineData("'conditions':[{'type':'Ready','status':'True'}]", "", "'node-role.kubernetes.io/worker':'','node-role.kubernetes.io/':'','kubernetes.io/role':'db','other':'x'", "Ready | db,worker")]
    public void A_node(string status, string spec, string labels, string expected)
    {
        Assert.Equal("Name | Status | Roles | Age | Version | Internal-IP+ | External-IP+ | OS-Image+ | Kernel-Version+ | Container-Runtime+", Table.Heading("", "Node"));
        Assert.Equal(
            $"x | {expected} | 5m | v1.30.0 | 10.0.0.1 | <none> | Linux | <unknown> | <unknown>",
            Table.Row(
                "",
                "Node",
                $"{{'metadata':{{'name':'x',{Table.Created},'labels':{{{labels}}}}},'spec':{{{spec}}},'status':{{{status},'addresses':[{{'type':'InternalIP','address':'10.0.0.1'}}],'nodeInfo':{{'kubeletVersion':'v1.30.0','osImage':'Linux'}}}}}}",
                isWide: true));
        Assert.Equal("x | Unknown | <none> | 5m | ", Table.Row("", "Node", $"{{{Metadata}}}"));
    }

    [Theory]
    [InlineData("'firstTimestamp':'2026-01-01T13:00:00Z','lastTimestamp':'2026-01-01T13:04:30Z','count':3,'source':{'component':'kubelet','host':'node-1'}", "30s | kubelet, node-1 | 5m | 3")]
    [InlineData("'eventTime':'2026-01-01T13:04:00.000000Z','reportingComponent':'scheduler','reportingInstance':'me'", "60s | scheduler, me | 60s | 1")]
    [InlineData("'eventTime':'2026-01-01T13:00:00.000000Z','series':{'count':9,'lastObservedTime':'2026-01-01T13:04:50.000000Z'},'source':{'component':'x'}", "10s | x | 5m | 9")]
    [InlineData("'count':0", "<unknown> |  | <unknown> | 1")]
    public void An_event(string item, string expected)
    {
        var parts = expected.Split(" | ");

        Assert.Equal("Last Seen | Type | Reason | Object | Subobject+ | Source+ | Message | First Seen+ | Count+ | Name+", Table.Heading("", "Event"));
        Assert.Equal(
            $"{parts[0]} | Normal | Killing | pod/web | spec.containers{{app}} | {parts[1]} | Stopping container | {parts[2]} | {parts[3]} | x",
            Table.Row("", "Event", $"{{{Metadata},'type':'Normal','reason':'Killing','message':' Stopping container\\n','involvedObject':{{'kind':'Pod','name':'web','fieldPath':'spec.containers{{app}}'}},{item}}}", isWide: true));
        Assert.Equal("<unknown> |  |  | pod | ", Table.Row("", "Event", "{'involvedObject':{'kind':'Pod'}}"));
    }
}
