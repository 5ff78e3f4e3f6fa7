using MeshRoll.Sandbox.Accepting;

namespace MeshRoll.Sandbox.Tests.Accepting;

public sealed class AcceptHeaderTests
{
    private const string TableV1 = "application/json;as=Table;v=v1;g=meta.k8s.io";
    private const string Protobuf = "application/vnd.kubernetes.protobuf";
    private const string ListMetadata = "as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";

    [Theory]
    [InlineData("", "Object ")]
    [InlineData("*/*", "Object ")]
    [InlineData("application/*", "Object ")]
    [InlineData("application/json, */*", "Object ")]
    [InlineData("text/html, application/json", "Object ")]
    [InlineData("application/yaml, application/json", "Object ")]
    [InlineData("application/json;pretty=1", "Object  pretty")]
    [InlineData(TableV1 + ",application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json", "Table v1")]
    [InlineData("application/json;as=Table;v=v1alpha1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io", "Table v1beta1")]
    [InlineData("application/json;as=Table;v=v1;g=other, application/json", "Object ")]
    [InlineData("application/json;as=Chart;v=v1;g=meta.k8s.io, application/json", "Object ")]
    [InlineData("Application/JSON; as=Table; v=v1; g=\"meta.k8s.io\"", "Table v1")]
    [InlineData(Protobuf, "Object  protobuf")]
    [InlineData(Protobuf + ", application/json", "Object  protobuf")]
    [InlineData("application/json;q=0.5, " + Protobuf + ";q=0.9", "Object  protobuf")]
    [InlineData(Protobuf + ";q=0, application/json", "Object ")]
    [InlineData("*/*, " + Protobuf, "Object  protobuf")]
    [InlineData(Protobuf + ";as=Table;v=v1;g=meta.k8s.io, " + TableV1, "Table v1")]
    [InlineData(Protobuf + ";" + ListMetadata, "Metadata v1 protobuf")]
    [InlineData("application/json;" + ListMetadata, "Metadata v1")]
    [InlineData("application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1, application/json", "Object ")]
    [InlineData("application/yaml", null)]
    [InlineData("application/json;as=Chart;v=v1;g=meta.k8s.io", null)]
    [InlineData(";", null)]
    [InlineData("application/json;as", "Object ")]
    public void The_first_clause_that_fits_a_list_wins(string accept, string? expected) => Assert.Equal(expected, Text(AcceptHeader.ForObjects(accept, isSingle: false, offersProtobuf: true)));

    [Theory]
    [InlineData(Protobuf, null)]
    [InlineData(Protobuf + ", application/json", "Object ")]
    [InlineData("application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1beta1", "Metadata v1beta1")]
    [InlineData("application/json;" + ListMetadata, null)]
    public void A_single_object_of_a_kind_without_protobuf(string accept, string? expected) => Assert.Equal(expected, Text(AcceptHeader.ForObjects(accept, isSingle: true, offersProtobuf: false)));

    [Theory]
    [InlineData("application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json", "AggregatedDiscovery v2")]
    [InlineData("application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json", "AggregatedDiscovery v2beta1")]
    [InlineData("application/json;g=apidiscovery.k8s.io;v=v3;as=APIGroupDiscoveryList,application/json", "Object ")]
    [InlineData("application/json, */*", "Object ")]
    public void Discovery_comes_whole_when_asked_for(string accept, string expected) => Assert.Equal(expected, Text(AcceptHeader.ForDiscovery(accept)));

    [Theory]
    [InlineData(AnswerShape.Object, "", false, "application/json")]
    [InlineData(AnswerShape.Table, "v1", false, "application/json")]
    [InlineData(AnswerShape.Object, "", true, Protobuf)]
    [InlineData(AnswerShape.AggregatedDiscovery, "v2", false, "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList")]
    public void A_form_has_a_content_type(object shape, string version, bool isProtobuf, string expected) =>
        Assert.Equal(expected, new AcceptedForm((AnswerShape)shape, version, isProtobuf).ContentType);

    [Fact]
    public void What_is_accepted_is_told_where_nothing_fits()
    {
        Assert.Equal("only the following media types are accepted: application/json", AcceptHeader.NotAcceptable(offersProtobuf: false));
        Assert.Equal("only the following media types are accepted: application/json, application/vnd.kubernetes.protobuf", AcceptHeader.NotAcceptable(offersProtobuf: true));
        Assert.Equal("meta.k8s.io/v1", new AcceptedForm(AnswerShape.Table, "v1").ApiVersion);
    }

    private static string? Text(AcceptedForm? form) => form is null ? null : $"{form.Shape} {form.Version}{(form.IsProtobuf ? " protobuf" : "")}{(form.IsPretty ? " pretty" : "")}";
}
