using System.Net;
using MeshRoll.Kubernetes;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.PortForwarding;
using MeshRoll.Kubernetes.Transport;

namespace MeshRoll.Core.ControlPlane.ProxyStatus;

/// <summary>What one istiod said of its proxies.</summary>
/// <param name="Istiod">Who was asked.</param>
/// <param name="Proxies">Its proxies; null when it could not be asked.</param>
/// <param name="Problem">Why not, and the way out, in sentences; empty when it could.</param>
internal sealed record IstiodAnswer(IstiodPod Istiod, IReadOnlyList<KnownProxy>? Proxies, string Problem);

/// <summary>
/// Asks one istiod for its proxies, by port-forward: it demands credentials of its own for its debug endpoints, except of those who come from its
/// localhost.
/// </summary>
internal static class IstiodInquiry
{
    private const string Path = "/debug/syncz";

    // Slow and whole is fine; trickling without end is not.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    // Monitoring, and the port for debugging on which older istiods serve it as well.
    private static readonly int[] s_ports = [15014, 8080];

    /// <summary>Asks. What concerns this istiod alone becomes its problem; who is not let into the cluster, or cannot reach it, gets the error.</summary>
    /// <param name="session">The cluster.</param>
    /// <param name="istiod">Whom.</param>
    /// <param name="namespace">Whose proxies: newer istiods then leave out the others, older ones name them all. Null for all.</param>
    /// <param name="cancellationToken">The caller's deadline.</param>
    public static async Task<IstiodAnswer> AskAsync(ClusterSession session, IstiodPod istiod, string? @namespace, CancellationToken cancellationToken)
    {
        var path = @namespace is null ? Path : $"{Path}?namespace={Uri.EscapeDataString(@namespace)}";
        using var timer = new CancellationTokenSource(Patience, session.TimeProvider);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        var problem = "";
        foreach (var port in s_ports)
        {
            try
            {
                var (proxies, refusal) = await AskAsync(session, istiod, port, path, limit.Token);
                if (proxies is not null) return new(istiod, proxies, "");
                problem = refusal!.Words;
                if (refusal.IsFinal) break;
            }
            catch (OperationCanceledException) when (timer.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                return new(istiod, null, $"its answer did not end within {Patience.TotalMinutes:0} minutes. Try again, or restart that istiod.");
            }
            catch (PortForwardException e)
            {
                // What the other port had to say is worth more.
                if (problem.Length == 0 || !e.NobodyListens) problem = e.Message;
                if (!e.NobodyListens) break;
            }
            catch (ApiException e) when (e.Code == HttpStatusCode.Forbidden)
            {
                problem = $"no right to forward its ports. Ask for the rights to get and create pods/portforward in {istiod.Namespace}.";
                break;
            }
            // What stands between may let questions through and cut WebSockets off: then the list of the pods still comes.
            catch (MeshRollException e) when (Refusal.IsOfThisPart(e) || e is ClusterUnreachableException)
            {
                problem = e.Message;
                break;
            }
        }
        return new(istiod, null, problem);
    }

    private static async Task<(IReadOnlyList<KnownProxy>? Proxies, HttpRefusal? Refusal)> AskAsync(ClusterSession session, IstiodPod istiod, int port, string path, CancellationToken cancellationToken)
    {
        await using var answer = await PodHttp.GetAsync(session.Client, istiod.Namespace, istiod.Name, port, path, cancellationToken);
        if (answer.Code != HttpStatusCode.OK) return (null, HttpRefusal.Of(answer.Code));
        try
        {
            return (await SynczReader.ReadAsync(answer.ReadAsync, istiod, cancellationToken), null);
        }
        catch (InvalidDataException e)
        {
            return (null, new($"its answer to {Path} makes no sense: {e.Message}. Check that port {port} of this pod is istiod's own.", IsFinal: false));
        }
    }

    /// <summary>An answer that is no list, in words.</summary>
    /// <param name="Words">The cause and the way out.</param>
    /// <param name="IsFinal">Whether another port would answer the same.</param>
    private sealed record HttpRefusal(string Words, bool IsFinal)
    {
        public static HttpRefusal Of(HttpStatusCode code) => code switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new(
                $"it refuses its debug endpoint ({(int)code} {code}), although asked from its own localhost. Look for a proxy or policy in front of istiod, or ask it by istioctl proxy-status.", IsFinal: true),
            HttpStatusCode.NotFound => new($"it does not serve {Path}. Set ENABLE_DEBUG_ON_HTTP=true on istiod.", IsFinal: false),
            _ => new($"it answered {(int)code} to {Path}. Look at istiod's log.", IsFinal: false),
        };
    }
}
