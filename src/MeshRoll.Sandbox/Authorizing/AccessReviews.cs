using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Writing;

namespace MeshRoll.Sandbox.Authorizing;

/// <summary>Answers questions about who one is and what one may do: what stands behind <c>kubectl auth can-i</c> and <c>whoami</c>.</summary>
internal sealed class AccessReviews(RbacRules rules, Authenticator authenticator)
{
    private const string Audience = "https://kubernetes.default.svc.cluster.local";

    /// <summary>Answers one question. May be called from anywhere.</summary>
    /// <param name="kind">One of <see cref="ReviewKinds"/>.</param>
    /// <param name="namespace">The namespace of the path; empty for none.</param>
    /// <param name="who">Who asks.</param>
    /// <param name="review">The question.</param>
    /// <param name="now">The time, for answers that carry one.</param>
    /// <returns>The question with its answer in <c>status</c>.</returns>
    /// <exception cref="ApiStatusException">The question makes no sense.</exception>
    public JsonObject Answer(ApiResource kind, string @namespace, Identity who, JsonObject review, DateTimeOffset now)
    {
        if (kind == ReviewKinds.SelfSubjectReviews) return Answered(kind, null, new() { ["userInfo"] = UserInfo(who) }, now);
        if (kind == ReviewKinds.TokenReviews) return Token(review);
        if (kind == ReviewKinds.SelfSubjectRulesReviews) return Rules(review, who);

        if (kind == ReviewKinds.LocalSubjectAccessReviews) ReviewValidation.CheckNamespace(review, @namespace);
        ReviewValidation.Check(kind, review);
        var spec = review["spec"];
        var subject = kind == ReviewKinds.SelfSubjectAccessReviews ? who : Subject(spec);
        var decision = rules.Decide(subject, Attributes(spec));
        var status = new JsonObject { ["allowed"] = decision.Allowed };
        if (decision.Reason.Length > 0) status["reason"] = decision.Reason;
        var answer = Answered(kind, spec, status);
        if (@namespace.Length > 0) answer.Object("metadata")["namespace"] = @namespace;
        return answer;
    }

    private JsonObject Token(JsonObject review)
    {
        var token = review.Text("spec", "token") ?? "";
        if (token.Length == 0) throw ApiStatusException.BadRequest("token is required for TokenReview in authentication");
        var status = authenticator.Authenticate(token) is { } identity
            ? new JsonObject { ["authenticated"] = true, ["user"] = UserInfo(identity), ["audiences"] = new JsonArray(Audience) }
            : new JsonObject { ["user"] = new JsonObject(), ["error"] = "invalid bearer token" };
        return Answered(ReviewKinds.TokenReviews, review["spec"], status);
    }

    private JsonObject Rules(JsonObject review, Identity who)
    {
        var @namespace = review.Text("spec", "namespace") ?? "";
        if (@namespace.Length == 0) throw ApiStatusException.BadRequest("no namespace on request");
        var (held, problem) = rules.RulesFor(who, @namespace);
        var status = new JsonObject
        {
            ["resourceRules"] = new JsonArray([.. held.Where(rule => rule.Resources.Count > 0).Select(ResourceRule)]),
            ["nonResourceRules"] = new JsonArray([.. held.Where(rule => rule.NonResourceUrls.Count > 0).Select(UrlRule)]),
            ["incomplete"] = false,
        };
        if (problem.Length > 0) status["evaluationError"] = problem;
        return Answered(ReviewKinds.SelfSubjectRulesReviews, new JsonObject(), status);
    }

    private static JsonObject Answered(ApiResource kind, JsonNode? spec, JsonObject status, DateTimeOffset? created = null)
    {
        var answer = new JsonObject
        {
            ["kind"] = kind.Kind,
            ["apiVersion"] = kind.ApiVersion,
            ["metadata"] = new JsonObject { ["creationTimestamp"] = created is { } time ? JsonAccess.Timestamp(time) : null },
        };
        if (spec is not null) answer["spec"] = spec.DeepClone();
        answer["status"] = status;
        return answer;
    }

    private static AccessAttributes Attributes(JsonNode? spec)
    {
        if (spec.At("nonResourceAttributes") is JsonObject path) return new() { Verb = path.Text("verb") ?? "", Path = path.Text("path") ?? "" };
        var resource = spec.At("resourceAttributes");
        return new()
        {
            Verb = resource.Text("verb") ?? "",
            Group = resource.Text("group") ?? "",
            Resource = resource.Text("resource") ?? "",
            Subresource = resource.Text("subresource") ?? "",
            Namespace = resource.Text("namespace") ?? "",
            Name = resource.Text("name") ?? "",
        };
    }

    private static Identity Subject(JsonNode? spec) => new(
        spec.Text("user") ?? "",
        spec.At("groups") is JsonArray groups ? groups.Select(group => group?.ToString() ?? "") : [],
        spec.Text("uid") ?? "");

    private static JsonObject UserInfo(Identity who)
    {
        var info = new JsonObject { ["username"] = who.Name };
        if (who.Uid.Length > 0) info["uid"] = who.Uid;
        if (who.Groups.Count > 0) info["groups"] = Texts(who.Groups);
        if (who.Extra.Count > 0) info["extra"] = new JsonObject(who.Extra.Select(extra => new KeyValuePair<string, JsonNode?>(extra.Key, Texts(extra.Value))));
        return info;
    }

    private static JsonObject ResourceRule(PolicyRule rule)
    {
        var json = new JsonObject { ["verbs"] = Texts(rule.Verbs), ["apiGroups"] = Texts(rule.ApiGroups), ["resources"] = Texts(rule.Resources) };
        if (rule.ResourceNames.Count > 0) json["resourceNames"] = Texts(rule.ResourceNames);
        return json;
    }

    private static JsonObject UrlRule(PolicyRule rule) => new() { ["verbs"] = Texts(rule.Verbs), ["nonResourceURLs"] = Texts(rule.NonResourceUrls) };

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode)text)]);
}
