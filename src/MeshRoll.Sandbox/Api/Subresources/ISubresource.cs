namespace MeshRoll.Sandbox.Api.Subresources;

/// <summary>Answers what is asked at a path below an object, such as <c>pods/{name}/eviction</c>.</summary>
internal interface ISubresource
{
    /// <summary>Answers one request; the object's name and the method are the call's.</summary>
    /// <exception cref="Writing.ApiStatusException">The answer is no.</exception>
    Task AnswerAsync(ApiCall call);
}
