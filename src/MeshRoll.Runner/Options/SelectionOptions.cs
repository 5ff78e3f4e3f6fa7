using System.CommandLine;
using MeshRoll.Core.Sidecars;
using MeshRoll.Core.Workloads;

namespace MeshRoll.Runner.Options;

/// <summary>Which workloads, and what counts as up to date.</summary>
internal sealed class SelectionOptions
{
    private readonly Option<string[]> _namespace = ListOption.Create("--namespace", "Namespaces, wildcards allowed. Default: the context's.", "name", "-n");

    private readonly Option<bool> _allNamespaces = new("--all-namespaces", "-A") { Description = "All namespaces." };

    private readonly Option<string[]> _name = ListOption.Create("--name", "Workloads, wildcards allowed, kinds as kubectl takes them: web*, deploy/web, sts.", "name");

    private readonly Option<string[]> _kind = ListOption.Create("--kind", "Deployment, StatefulSet, DaemonSet, Rollout.", "kind");

    private readonly Option<string?> _selector = new("--label-selector", "-l") { Description = "Label selector, such as app=web,tier!=cache.", HelpName = "selector" };
    private readonly Option<string?> _targetVersion = new("--target-version") { Description = "The version all should run. Default: what a new pod would get.", HelpName = "version" };
    private readonly Option<string?> _targetRevision = new("--target-revision") { Description = "The revision or tag all should be injected by. Default: by labels.", HelpName = "revision" };
    private readonly Option<string?> _sidecarContainer = new("--sidecar-container") { Description = "Container of a mesh that MeshRoll does not know.", HelpName = "name" };
    private readonly Option<bool> _includeGateway = new("--include-gateway") { Description = "Gateways' proxies too." };

    internal void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_namespace, _allNamespaces, _name, _kind, _selector, _targetVersion, _targetRevision, _sidecarContainer, _includeGateway])
        {
            command.Add(option);
        }
    }

    internal SidecarQuery Query(ParseResult parsed, bool outdatedOnly) => new()
    {
        Selection = new WorkloadSelection
        {
            Namespaces = parsed.GetRequiredValue(_namespace),
            AllNamespaces = parsed.GetValue(_allNamespaces),
            Names = parsed.GetRequiredValue(_name),
            Kinds = parsed.GetRequiredValue(_kind),
            LabelSelector = parsed.GetValue(_selector),
        },
        Target = new SidecarTarget
        {
            Version = parsed.GetValue(_targetVersion),
            Revision = parsed.GetValue(_targetRevision),
            SidecarContainer = parsed.GetValue(_sidecarContainer),
        },
        IncludeGateway = parsed.GetValue(_includeGateway),
        OutdatedOnly = outdatedOnly,
    };
}
