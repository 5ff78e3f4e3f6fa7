using System.CommandLine;
using MeshRoll.Core.Plans;
using MeshRoll.Core.Plans.Making;
using MeshRoll.Core.Plans.Windows;
using MeshRoll.Core.Restarts.Strategies;

namespace MeshRoll.Runner.Options;

/// <summary>What a plan is made of, beside its workloads.</summary>
internal sealed class PlanOptions
{
    private readonly Option<string> _name = new("--plan-name") { Description = "The plan's name. Default: one from the date.", HelpName = "text", DefaultValueFactory = _ => "" };
    private readonly Option<int> _canaryCount = DurationOption.Count("--canary-count", "Workloads of a first wave of their own.", 0);
    private readonly Option<TimeSpan?> _canarySoak = DurationOption.Create("--canary-soak", "How long to watch after the canaries. Default: as --soak.");
    private readonly Option<string[]> _canaryWindow = ListOption.Create("--canary-window", "When the canaries may be started. Default: as --window.", "window");
    private readonly Option<WaveGrouping> _groupBy = new("--group-by") { Description = "What makes a wave: none, namespace, label." };
    private readonly Option<string> _label = new("--label") { Description = "The label whose values make the waves.", HelpName = "label", DefaultValueFactory = _ => "" };
    private readonly Option<string[]> _order = ListOption.Create("--order", "Namespaces or label values in the order of their waves.", "value");
    private readonly Option<string[]> _wave = ListOption.Create("--wave", "Waves by hand, in order: names as --name takes them.", "name");
    private readonly Option<string[]> _window = ListOption.Create("--window", "When workloads may be started: 'Mon-Fri 22:00-05:00 Europe/Berlin'.", "window");
    private readonly Option<string[]> _freeze = ListOption.Create("--freeze", "When not: '2026-12-20..2027-01-06 Europe/Berlin (Christmas)'.", "days");
    private readonly Option<RestartStrategy> _strategy = new("--strategy") { Description = "How pods are replaced: auto, rolling, surge, evict.", DefaultValueFactory = _ => RestartStrategy.Auto };
    private readonly Option<int?> _maxConcurrent = DurationOption.OptionalCount("--max-concurrent", "Workloads of a wave moving at a time; 0 for no limit. Default: 5.");
    private readonly Option<int?> _stopAfterFailures = DurationOption.OptionalCount("--stop-after-failures", "Workloads of a wave that may fail before nothing further is started; 0 for never stopping. Default: 1.");
    private readonly Option<int?> _maxPodsInTransition = DurationOption.OptionalCount("--max-pods-in-transition", "Pods coming up or going down at a time; 0 for no limit.");
    private readonly Option<TimeSpan?> _delay = DurationOption.Create("--delay", "Pause after each workload.");
    private readonly Option<TimeSpan?> _podDelay = DurationOption.Create("--pod-delay", "surge, evict: pause after a replacement is ready before the next pod goes.");
    private readonly Option<TimeSpan?> _soak = DurationOption.Create("--soak", "How long to watch after each wave.");
    private readonly Option<TimeSpan?> _timeout = DurationOption.Create("--timeout", "Time allowed to each workload. Default: an estimate with a generous margin.");
    private readonly Option<bool> _allowDowntime = new("--allow-downtime") { Description = "The last ready pod of a workload may go before its replacement is ready." };
    private readonly Option<bool> _ignoreAutoscaler = new("--ignore-autoscaler") { Description = "surge: though an autoscaler sets the count." };
    private readonly Option<string[]> _exclude = ListOption.Create("--exclude", "Workloads to leave alone, written as --name takes them.", "name");
    private readonly Option<bool> _skipReadiness = new("--skip-readiness") { Description = "Leave out what the preflight finds of the workloads." };
    private readonly Option<string> _leaseNamespace = new("--lease-namespace") { Description = "The namespace of the Lease. Default: that of the first workload.", HelpName = "name", DefaultValueFactory = _ => "" };

    /// <summary>Restarts also what is up to date.</summary>
    internal Option<bool> Force { get; } = new("--force") { Description = "Plan also what is up to date, and restart it." };

    internal void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_name, _canaryCount, _canarySoak, _canaryWindow, _groupBy, _label, _order, _wave, _soak, _window, _freeze, _strategy, _maxConcurrent, _delay, _podDelay,
            _stopAfterFailures, _maxPodsInTransition, _timeout, _allowDowntime, _ignoreAutoscaler, _exclude, Force, _skipReadiness, _leaseNamespace])
        {
            command.Add(option);
        }
    }

    /// <summary>The request for these workloads.</summary>
    /// <exception cref="Core.InvalidRequestException">A window or freeze cannot be read.</exception>
    internal PlanRequest Request(ParseResult parsed, IReadOnlyList<PlanTarget> targets) => new()
    {
        Targets = targets,
        Name = parsed.GetRequiredValue(_name),
        CanaryCount = parsed.GetValue(_canaryCount),
        CanarySoak = parsed.GetValue(_canarySoak),
        CanaryWindows = [.. parsed.GetRequiredValue(_canaryWindow).Select(MaintenanceWindow.Parse)],
        GroupBy = parsed.GetRequiredValue(_label).Length > 0 ? WaveGrouping.Label : parsed.GetValue(_groupBy),
        Label = parsed.GetRequiredValue(_label),
        Order = parsed.GetRequiredValue(_order),
        Waves = parsed.GetRequiredValue(_wave),
        Windows = [.. parsed.GetRequiredValue(_window).Select(MaintenanceWindow.Parse)],
        Freezes = [.. parsed.GetRequiredValue(_freeze).Select(FreezePeriod.Parse)],
        Exclude = parsed.GetRequiredValue(_exclude),
        SkipReadiness = parsed.GetValue(_skipReadiness),
        LeaseNamespace = parsed.GetRequiredValue(_leaseNamespace),
        Settings = new PlanSettings
        {
            Strategy = parsed.GetValue(_strategy),
            MaxConcurrent = parsed.GetValue(_maxConcurrent),
            Delay = parsed.GetValue(_delay),
            PodDelay = parsed.GetValue(_podDelay),
            StopAfterFailures = parsed.GetValue(_stopAfterFailures),
            Soak = parsed.GetValue(_soak),
            Timeout = parsed.GetValue(_timeout),
            MaxPodsInTransition = parsed.GetValue(_maxPodsInTransition),
            Force = parsed.GetValue(Force) ? true : null,
            AllowDowntime = parsed.GetValue(_allowDowntime) ? true : null,
            IgnoreAutoscaler = parsed.GetValue(_ignoreAutoscaler) ? true : null,
        },
    };
}
