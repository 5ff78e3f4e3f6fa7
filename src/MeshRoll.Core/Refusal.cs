using System.Net;
using MeshRoll.Kubernetes;
using MeshRoll.Kubernetes.Api;

namespace MeshRoll.Core;

/// <summary>Words for what a server refused, to stand inside of a longer sentence.</summary>
internal static class Refusal
{
    /// <summary>
    /// Whether an error concerns what was asked for alone: refused, missing, garbled. Being out of reach, or not being let in at all,
    /// would meet every other question too and ends the reading.
    /// </summary>
    public static bool IsOfThisPart(Exception error) => error is ApiProtocolException or ApiException { Code: not HttpStatusCode.Unauthorized };

    /// <summary><c>no right to list configmaps in istio-system</c>.</summary>
    public static string InWords(MeshRollException error) => error is ApiException { Code: HttpStatusCode.Forbidden, Request: var request }
        ? $"no right to {request.Verb} {request.Resource}{(request.Namespace is null ? "" : " in " + request.Namespace)}"
        : error.Message.TrimEnd('.');
}
