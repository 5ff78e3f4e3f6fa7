using MeshRoll.Sandbox.Objects;

namespace MeshRoll.Sandbox.Authorizing;

/// <summary>Questions about who one is and what one may do. They are asked by creating them; nothing of them is kept.</summary>
internal static class ReviewKinds
{
    private const string Authorization = "authorization.k8s.io";
    private const string Authentication = "authentication.k8s.io";

    public static ApiResource SelfSubjectReviews { get; } = new() { Group = Authentication, Version = "v1", Plural = "selfsubjectreviews", Kind = "SelfSubjectReview", Namespaced = false };

    public static ApiResource TokenReviews { get; } = new() { Group = Authentication, Version = "v1", Plural = "tokenreviews", Kind = "TokenReview", Namespaced = false };

    public static ApiResource LocalSubjectAccessReviews { get; } = new() { Group = Authorization, Version = "v1", Plural = "localsubjectaccessreviews", Kind = "LocalSubjectAccessReview" };

    public static ApiResource SelfSubjectAccessReviews { get; } = new() { Group = Authorization, Version = "v1", Plural = "selfsubjectaccessreviews", Kind = "SelfSubjectAccessReview", Namespaced = false };

    public static ApiResource SelfSubjectRulesReviews { get; } = new() { Group = Authorization, Version = "v1", Plural = "selfsubjectrulesreviews", Kind = "SelfSubjectRulesReview", Namespaced = false };

    public static ApiResource SubjectAccessReviews { get; } = new() { Group = Authorization, Version = "v1", Plural = "subjectaccessreviews", Kind = "SubjectAccessReview", Namespaced = false };

    /// <summary>All of them.</summary>
    public static IReadOnlyList<ApiResource> All { get; } =
        [SelfSubjectReviews, TokenReviews, LocalSubjectAccessReviews, SelfSubjectAccessReviews, SelfSubjectRulesReviews, SubjectAccessReviews];

    /// <summary>The kind of question behind a path, or null where it is none.</summary>
    public static ApiResource? Find(string group, string version, string plural) =>
        All.FirstOrDefault(kind => kind.Plural == plural && kind.Group == group && kind.Version == version);
}
