using System.CommandLine;
using MeshRoll.Core;
using MeshRoll.Core.Sidecars;
using MeshRoll.Runner.Options;
using MeshRoll.Runner.Output;

namespace MeshRoll.Runner.Commands;

/// <summary><c>meshroll sidecars</c>: which pods carry which sidecar, and which are outdated.</summary>
internal static class SidecarsCommand
{
    internal static Command Create(RunnerHost host)
    {
        var cluster = new ClusterOptions();
        var selection = new SelectionOptions();
        var outdated = new Option<bool>("--outdated") { Description = "Only outdated sidecars." };

        var command = new Command("sidecars", "Show the sidecar of each pod, what a new pod would get, and why that differs.");
        selection.AddTo(command);
        command.Add(outdated);
        cluster.AddTo(command);
        command.SetAction((parsed, cancellationToken) => ClusterRun.RunAsync(host, cluster, parsed, (session, reporter) =>
            WriteAsync(host, session, reporter, selection.Query(parsed, parsed.GetValue(outdated)), parsed.GetValue(cluster.Output), cancellationToken)));
        return command;
    }

    private static async Task<int> WriteAsync(RunnerHost host, ClusterSession session, Reporter reporter, SidecarQuery query, OutputFormat format, CancellationToken cancellationToken)
    {
        var table = new Table(host.Out, "NAMESPACE", "POD", "WORKLOAD", "VERSION", "DESIRED", "OUTDATED", "REASON");
        var array = new JsonArrayWriter<MeshSidecar>(host.Out, RunnerJson.Default.MeshSidecar);
        await foreach (var item in new SidecarInventory(session).ReadSidecarsAsync(query, cancellationToken))
        {
            switch (item)
            {
                case ReadEvent<MeshSidecar>.Failed failed: reporter.Error(failed.Error); break;
                case ReadEvent<MeshSidecar>.Remark remark: reporter.Remark(remark.Text); break;
                case ReadEvent<MeshSidecar>.Found found when format == OutputFormat.Json: array.Add(found.Item); break;
                case ReadEvent<MeshSidecar>.Found { Item: var sidecar }:
                    table.Add(sidecar.Namespace, sidecar.Pod, $"{sidecar.Kind.ToLowerInvariant()}/{sidecar.Name}", sidecar.Version ?? "?", sidecar.DesiredVersion ?? "-",
                        sidecar.Outdated switch { true => "yes", false => "no", null => "?" }, sidecar.Reason);
                    break;
            }
        }
        if (format == OutputFormat.Json) array.End();
        else table.Flush();
        return reporter.AnyError ? ExitCode.UsageOrAccess : ExitCode.Done;
    }
}
