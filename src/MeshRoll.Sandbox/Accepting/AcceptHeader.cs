using System.Globalization;

namespace MeshRoll.Sandbox.Accepting;

/// <summary>
/// Chooses the form of an answer by the header Accept, as the API server does: clauses by their weight, the first that can be
/// fulfilled with all its parameters wins. JSON is always offered, protobuf where the kind can be written so; YAML is not.
/// </summary>
internal static class AcceptHeader
{
    /// <summary>The media type of JSON.</summary>
    public const string Json = "application/json";

    /// <summary>The media type of Kubernetes' protobuf.</summary>
    public const string Protobuf = "application/vnd.kubernetes.protobuf";

    /// <summary>The form for objects and lists of a kind.</summary>
    /// <param name="accept">The header; empty when the client sent none.</param>
    /// <param name="isSingle">Whether one object is answered: its metadata alone has another kind than that of a list.</param>
    /// <param name="offersProtobuf">Whether this kind can be written as protobuf.</param>
    /// <returns>Null when nothing fits: the answer is 406.</returns>
    public static AcceptedForm? ForObjects(string accept, bool isSingle, bool offersProtobuf) =>
        Choose(accept, offersProtobuf, (kind, group, version, isProtobuf) => group != "meta.k8s.io" || version is not ("v1" or "v1beta1") ? null : kind switch
        {
            "Table" => isProtobuf ? null : AnswerShape.Table,
            "PartialObjectMetadata" when isSingle => AnswerShape.Metadata,
            "PartialObjectMetadataList" when !isSingle => AnswerShape.Metadata,
            _ => null,
        });

    /// <summary>The form for the documents at <c>/api</c> and <c>/apis</c>.</summary>
    /// <returns>Null when nothing fits: the answer is 406.</returns>
    public static AcceptedForm? ForDiscovery(string accept) =>
        Choose(accept, offersProtobuf: false, (kind, group, version, _) =>
            (kind, group, version) is ("APIGroupDiscoveryList", "apidiscovery.k8s.io", "v2" or "v2beta1") ? AnswerShape.AggregatedDiscovery : null);

    /// <summary>The message of the Status (code 406, reason NotAcceptable) when nothing fits.</summary>
    public static string NotAcceptable(bool offersProtobuf) =>
        $"only the following media types are accepted: {Json}{(offersProtobuf ? $", {Protobuf}" : "")}";

    private static AcceptedForm? Choose(string accept, bool offersProtobuf, Func<string, string, string, bool, AnswerShape?> shapeOf)
    {
        if (string.IsNullOrWhiteSpace(accept)) return AcceptedForm.Json;

        foreach (var clause in Clauses(accept))
        {
            var isProtobuf = !clause.Allows(Json);
            if (isProtobuf && !(offersProtobuf && clause.Allows(Protobuf))) continue;
            var (kind, version) = (clause["as"], clause["v"]);
            var shape = kind.Length == 0 ? AnswerShape.Object : shapeOf(kind, clause["g"], version, isProtobuf);
            if (shape is { } known) return new(known, known == AnswerShape.Object ? "" : version, isProtobuf, clause["pretty"] == "1");
        }
        return null;
    }

    // Heaviest first; of the same weight, what is named exactly comes before what has a star.
    private static IEnumerable<Clause> Clauses(string accept) =>
        accept.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Clause.Read)
            .Where(clause => clause.Weight > 0).OrderByDescending(clause => clause.Weight).ThenBy(clause => clause.MediaType.Count(c => c == '*'));

    private sealed record Clause(string MediaType, Dictionary<string, string> Parameters)
    {
        public string this[string name] => Parameters.GetValueOrDefault(name, "");

        public double Weight => double.TryParse(this["q"], CultureInfo.InvariantCulture, out var weight) ? weight : 1;

        public bool Allows(string mediaType) => MediaType == mediaType || MediaType is "*/*" or "application/*";

        public static Clause Read(string text)
        {
            var parts = text.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            var parameters = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            foreach (var part in parts.Skip(1))
            {
                var equals = part.IndexOf('=', StringComparison.Ordinal);
                if (equals > 0) parameters[part[..equals].TrimEnd()] = part[(equals + 1)..].Trim().Trim('"');
            }
            return new(parts.Length == 0 ? "" : parts[0].ToLowerInvariant(), parameters);
        }
    }
}
