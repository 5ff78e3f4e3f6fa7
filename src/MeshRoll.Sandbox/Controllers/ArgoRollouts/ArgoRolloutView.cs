using System.Globalization;
using System.Text.Json;
using MeshRoll.Sandbox.Controllers.Deployments;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Store;

namespace MeshRoll.Sandbox.Controllers.ArgoRollouts;

/// <summary>What the controller needs of an Argo Rollout.</summary>
internal sealed record ArgoRolloutView : IObjectView<ArgoRolloutView>
{
    /// <summary>What it has in common with a Deployment, from its own fields.</summary>
    public required DeploymentView Wish { get; init; }

    /// <summary>Pods older than this are to be replaced.</summary>
    public required DateTimeOffset? RestartAt { get; init; }

    /// <summary>The restart that was carried out last.</summary>
    public required DateTimeOffset? RestartedAt { get; init; }

    /// <summary>The hash of the template that was last rolled out completely.</summary>
    public required string StableHash { get; init; }

    /// <summary>Whether old and new pods are to be there side by side until a switch; here it is rolled like any other.</summary>
    public required bool IsBlueGreen { get; init; }

    /// <summary>Whether a restart is due or under way.</summary>
    public bool NeedsRestart => RestartAt is not null && RestartAt != RestartedAt;

    /// <inheritdoc/>
    public static ArgoRolloutView Read(JsonElement root)
    {
        var wish = DeploymentView.ReadWish(root.At("spec"));
        var strategy = root.At("spec", "strategy");
        var canary = strategy.At("canary");
        var status = root.At("status");
        return new()
        {
            Wish = wish with
            {
                IsRecreate = false,
                MaxSurge = IntOrPercent.Read(canary.At("maxSurge")) ?? IntOrPercent.Quarter,
                MaxUnavailable = IntOrPercent.Read(canary.At("maxUnavailable")) ?? IntOrPercent.Quarter,
                Annotations = root.Map("metadata", "annotations"),
                // The generation is a text there.
                Status = DeploymentStatus.Read(status) with
                {
                    ObservedGeneration = long.TryParse(status.Text("observedGeneration"), NumberStyles.None, CultureInfo.InvariantCulture, out var observed) ? observed : 0,
                    Unavailable = 0,
                },
            },
            RestartAt = root.Time("spec", "restartAt"),
            RestartedAt = status.Time("restartedAt"),
            StableHash = status.Text("stableRS"),
            IsBlueGreen = strategy.At("blueGreen").ValueKind == JsonValueKind.Object,
        };
    }
}
