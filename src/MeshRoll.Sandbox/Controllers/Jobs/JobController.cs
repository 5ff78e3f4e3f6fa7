using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Objects.Views;
using MeshRoll.Sandbox.Store;
using MeshRoll.Sandbox.Writing;

namespace MeshRoll.Sandbox.Controllers.Jobs;

/// <summary>Runs the pods of each Job until enough of them succeeded or too many failed.</summary>
internal sealed class JobController(Cluster cluster, EventRecorder events, Claims claims) : Controller(cluster, ApiResources.Jobs, ApiResources.Pods)
{
    private const string Component = "job-controller";

    private readonly Dictionary<string, Ledger> _ledgers = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    protected override void Observe(StoreChange change)
    {
        base.Observe(change);
        if (change.Object.Resource == Resource && change.Type == ChangeType.Deleted) _ledgers.Remove(change.Object.Uid);
        // A pod whose end was not counted before it was taken away counts all the same.
        if (change.Object.Resource == ApiResources.Pods && change.Type == ChangeType.Deleted && change.Object.ControllerUid.Length > 0
            && Cluster.Store.FindByUid(change.Object.ControllerUid)?.Resource == Resource)
        {
            LedgerOf(change.Object.ControllerUid).Gone.Add(change.Object);
        }
    }

    /// <inheritdoc/>
    protected override void Reconcile(StoredObject target)
    {
        var wish = target.As<JobView>();
        if (target.IsDeleting) return;
        var pods = Pods(target, wish);
        var status = Count(target, wish, pods);
        if (wish.Status.End is not null)
        {
            Write(target, status);
            Expire(target, wish);
            return;
        }

        status = Begin(target, wish, status);
        var activeFor = Cluster.Now - status.StartTime;
        var restarts = pods.Where(IsActive).Sum(pod => pod.As<PodView>().Restarts);
        ApiStatusException? refusal = null;
        if (JobRules.Failure(wish, status.Failed, restarts, activeFor) is { } failure) status = Fail(target, pods, status, failure);
        else if (JobRules.IsComplete(wish, status.Succeeded, status.Active)) status = Complete(target, pods, status);
        else
        {
            refusal = Resize(target, wish, status, pods);
            // The turn that follows counts what became of it; until then nothing is said that is not so.
            status = Count(target, wish, Pods(target, wish)) with { StartTime = status.StartTime, Conditions = status.Conditions };
            if (status.StartTime is { } since && since + wish.ActiveDeadline is { } deadline && !wish.IsSuspended) EnqueueAfter(target, deadline - Cluster.Now);
        }
        Write(target, status);
        if (refusal is not null) throw refusal;
    }

    private static bool IsActive(StoredObject pod) => pod.As<PodView>().IsActive;

    private List<StoredObject> Pods(StoredObject target, JobView wish) => wish.Selector.IsNothing
        ? [.. Cluster.Store.OwnedBy(target.Uid, ApiResources.Pods)]
        : claims.Claim(target, wish.Selector, ApiResources.Pods);

    private Ledger LedgerOf(string uid)
    {
        if (!_ledgers.TryGetValue(uid, out var ledger)) _ledgers[uid] = ledger = new();
        return ledger;
    }

    /// <summary>Counts every pod that ended once, even when it is taken away afterwards.</summary>
    private JobStatus Count(StoredObject target, JobView wish, List<StoredObject> pods)
    {
        var ledger = LedgerOf(target.Uid);
        ledger.Begin(wish.Status);
        foreach (var pod in pods.Concat(ledger.Gone).Where(pod => pod.As<PodView>().HasEnded)) ledger.Count(pod, Cluster.Now);
        ledger.Gone.Clear();
        return wish.Status with
        {
            Active = pods.Count(IsActive),
            Ready = pods.Count(pod => IsActive(pod) && pod.As<PodView>().IsReady),
            Succeeded = ledger.Succeeded,
            Failed = ledger.Failed,
            Terminating = pods.Count(pod => pod.IsDeleting && !pod.As<PodView>().HasEnded),
        };
    }

    private JobStatus Begin(StoredObject target, JobView wish, JobStatus status)
    {
        var suspended = status.Conditions.Of("Suspended");
        if (wish.IsSuspended)
        {
            if (suspended?.IsTrue == true) return status;
            events.Normal(target, Component, "Suspended", "Job suspended");
            return status with { StartTime = null, Conditions = status.Conditions.With(New("Suspended", "True", "JobSuspended", "Job suspended")) };
        }
        if (suspended?.IsTrue != true) return status with { StartTime = status.StartTime ?? Cluster.Now };
        events.Normal(target, Component, "Resumed", "Job resumed");
        return status with { StartTime = Cluster.Now, Conditions = status.Conditions.With(New("Suspended", "False", "JobResumed", "Job resumed")) };
    }

    private JobStatus Fail(StoredObject target, List<StoredObject> pods, JobStatus status, (string Reason, string Message) failure)
    {
        DeletePods(target, pods.Where(IsActive));
        events.Warning(target, Component, failure.Reason, failure.Message);
        return status with { Active = 0, Ready = 0, Conditions = status.Conditions.With(New("Failed", "True", failure.Reason, failure.Message)) };
    }

    private JobStatus Complete(StoredObject target, List<StoredObject> pods, JobStatus status)
    {
        DeletePods(target, pods.Where(IsActive));
        events.Normal(target, Component, "Completed", "Job completed");
        return status with { Active = 0, Ready = 0, CompletionTime = Cluster.Now, Conditions = status.Conditions.With(New("Complete", "True", "", "")) };
    }

    private ApiStatusException? Resize(StoredObject target, JobView wish, JobStatus status, List<StoredObject> pods)
    {
        var wanted = JobRules.WantedActive(wish, status.Succeeded, status.Active);
        if (status.Active > wanted)
        {
            // Those go first that have got the least far.
            DeletePods(target, pods.Where(IsActive).OrderBy(pod => pod.As<PodView>().IsReady).ThenByDescending(pod => pod.As<PodView>().Created).Take(status.Active - wanted));
            return null;
        }
        if (status.Active == wanted) return null;

        var ledger = LedgerOf(target.Uid);
        var delay = ledger.LastFailure + JobRules.Backoff(ledger.FailuresInARow) - Cluster.Now;
        if (delay > TimeSpan.Zero)
        {
            EnqueueAfter(target, delay.Value);
            return null;
        }
        var template = PodTemplates.Of(target);
        try
        {
            for (var i = status.Active; i < wanted; i++)
            {
                var pod = Cluster.Create(ApiResources.Pods, target.Namespace, template.Make(generateName: target.Name + "-"));
                events.Normal(target, Component, "SuccessfulCreate", $"Created pod: {pod.Name}");
            }
            return null;
        }
        catch (ApiStatusException refused)
        {
            events.Warning(target, Component, "FailedCreate", $"Error creating: {refused.Message}");
            return refused;
        }
    }

    private void DeletePods(StoredObject target, IEnumerable<StoredObject> pods)
    {
        foreach (var pod in pods.ToList())
        {
            Cluster.Delete(pod);
            events.Normal(target, Component, "SuccessfulDelete", $"Deleted pod: {pod.Name}");
        }
    }

    private void Expire(StoredObject target, JobView wish)
    {
        if (wish.Lifetime is not { } lifetime || (wish.Status.CompletionTime ?? wish.Status.End?.LastTransitionTime) is not { } ended) return;
        if (ended + lifetime <= Cluster.Now) Cluster.Delete(target, new DeleteOptions { PropagationPolicy = "Background" });
        // Nobody waits for a job to be forgotten.
        else EnqueueAfter(target, ended + lifetime - Cluster.Now, background: true);
    }

    private void Write(StoredObject target, JobStatus status)
    {
        if (!status.SameAs(target.As<JobView>().Status)) Cluster.Write(target, json => json["status"] = status.ToJson());
    }

    private Condition New(string type, string status, string reason, string message) => new(type, status, reason, message) { LastProbeTime = Cluster.Now, LastTransitionTime = Cluster.Now };

    /// <summary>Which pods of a Job were counted, and its failures in a row.</summary>
    private sealed class Ledger
    {
        private readonly HashSet<string> _counted = new(StringComparer.Ordinal);
        private bool _hasBegun;

        /// <summary>Pods that were taken away since the last count.</summary>
        public List<StoredObject> Gone { get; } = [];

        public int Succeeded { get; private set; }

        public int Failed { get; private set; }

        public int FailuresInARow { get; private set; }

        public DateTimeOffset? LastFailure { get; private set; }

        /// <summary>Takes the counts over from a status written before this ledger was opened.</summary>
        public void Begin(JobStatus status)
        {
            if (_hasBegun) return;
            (_hasBegun, Succeeded, Failed) = (true, status.Succeeded, status.Failed);
        }

        public void Count(StoredObject pod, DateTimeOffset now)
        {
            if (!_counted.Add(pod.Uid)) return;
            if (pod.As<PodView>().Phase == "Succeeded")
            {
                (Succeeded, FailuresInARow) = (Succeeded + 1, 0);
                return;
            }
            (Failed, FailuresInARow, LastFailure) = (Failed + 1, FailuresInARow + 1, now);
        }
    }
}
