using System.Text;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Store;
using MeshRoll.Sandbox.Wire;
using MeshRoll.Sandbox.Writing;

namespace MeshRoll.Sandbox.Api.Subresources;

/// <summary>GET on <c>pods/{name}/log</c>: what a container wrote, as plain text, and with <c>follow</c> what it goes on to write.</summary>
internal sealed class LogSubresource(Cluster cluster, IPodLogs? logs) : ISubresource
{
    private const string ContentType = "text/plain";

    /// <inheritdoc/>
    public async Task AnswerAsync(ApiCall call)
    {
        if (call.Target.Verb != "get") throw ApiErrors.MethodNotAllowed();
        var (pod, container, lines, now) = cluster.Simulation.Enter(() =>
        {
            var pod = call.Find(cluster);
            var container = Container(pod, call.Request.QueryValue("container") ?? "");
            return (pod, container, logs?.Read(pod, container, RequestOptions.Flag(call.Request, "previous")) ?? [], cluster.Now);
        });
        var since = Since(call.Request, now);
        var stamped = RequestOptions.Flag(call.Request, "timestamps");
        var text = Text(Chosen(lines, since, call.Request), stamped, RequestOptions.Number(call.Request, "limitBytes"));
        if (logs is null || !RequestOptions.Flag(call.Request, "follow"))
        {
            await call.Response.SendAsync(200, ContentType, text, call.CancellationToken).ConfigureAwait(false);
            return;
        }

        var stream = await call.Response.BeginAsync(200, ContentType, call.CancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            if (text.Length > 0) await stream.WriteAsync(text, call.CancellationToken).ConfigureAwait(false);
            await foreach (var line in logs.FollowAsync(pod, container, lines.Count, call.CancellationToken).ConfigureAwait(false))
                await stream.WriteAsync(Text([line], stamped, null), call.CancellationToken).ConfigureAwait(false);
        }
    }

    private static string Container(StoredObject pod, string asked)
    {
        var json = pod.ToJson();
        var containers = json.Items("spec", "containers").Select(container => container.Text("name") ?? "").ToList();
        var initContainers = json.Items("spec", "initContainers").Select(container => container.Text("name") ?? "").ToList();
        if (asked.Length == 0 && containers.Count > 1)
        {
            var choice = $"a container name must be specified for pod {pod.Name}, choose one of: [{string.Join(' ', containers)}]";
            throw ApiStatusException.BadRequest(initContainers.Count > 0 ? $"{choice} or one of the init containers: [{string.Join(' ', initContainers)}]" : choice);
        }
        if (asked.Length > 0 && !containers.Contains(asked) && !initContainers.Contains(asked))
            throw ApiStatusException.BadRequest($"container {asked} is not valid for pod {pod.Name}");
        if (string.IsNullOrEmpty(json.Text("spec", "nodeName"))) throw ApiStatusException.BadRequest($"pod {pod.Name} does not have a host assigned");
        return asked.Length > 0 ? asked : containers.FirstOrDefault() ?? "";
    }

    private static DateTimeOffset? Since(HttpRequest request, DateTimeOffset now) =>
        RequestOptions.Number(request, "sinceSeconds") is { } seconds ? now.AddSeconds(-seconds) : JsonAccess.ParseTime(request.QueryValue("sinceTime"));

    private static IEnumerable<PodLogLine> Chosen(IReadOnlyList<PodLogLine> lines, DateTimeOffset? since, HttpRequest request)
    {
        var chosen = since is { } start ? lines.Where(line => line.Time >= start).ToList() : lines;
        return RequestOptions.Number(request, "tailLines") is { } last ? chosen.Skip((int)Math.Max(0, chosen.Count - last)) : chosen;
    }

    private static byte[] Text(IEnumerable<PodLogLine> lines, bool stamped, long? limit)
    {
        var text = new StringBuilder();
        foreach (var line in lines)
        {
            if (stamped) text.Append(JsonAccess.MicroTimestamp(line.Time)).Append(' ');
            text.Append(line.Text).Append('\n');
        }
        var bytes = Encoding.UTF8.GetBytes(text.ToString());
        return limit is { } most && most < bytes.Length ? bytes[..(int)Math.Max(0, most)] : bytes;
    }
}
