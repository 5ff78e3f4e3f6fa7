using System.Management.Automation;
using System.Net;
using MeshRoll.Core;
using MeshRoll.Core.Rollouts;
using MeshRoll.Errors;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Configuration;
using MeshRoll.Kubernetes.Transport;

namespace MeshRoll.Tests.Errors;

public class CommandErrorsTests
{
    private static readonly ApiRequestInfo s_request = new("list", "pods", "shop", null);

    public static TheoryData<Exception, string, ErrorCategory> Known => new()
    {
        { Api("MeshRoll.Forbidden", HttpStatusCode.Forbidden), "MeshRoll.Forbidden", ErrorCategory.PermissionDenied },
        { Api("MeshRoll.Unauthorized", HttpStatusCode.Unauthorized), "MeshRoll.Unauthorized", ErrorCategory.AuthenticationError },
        { Api("MeshRoll.NotFound", HttpStatusCode.NotFound), "MeshRoll.NotFound", ErrorCategory.ObjectNotFound },
        { Api("MeshRoll.Conflict", HttpStatusCode.Conflict), "MeshRoll.Conflict", ErrorCategory.ResourceBusy },
        { Api("MeshRoll.Invalid", HttpStatusCode.UnprocessableEntity), "MeshRoll.Invalid", ErrorCategory.InvalidData },
        { Api("MeshRoll.ServerError", HttpStatusCode.InternalServerError), "MeshRoll.ServerError", ErrorCategory.ResourceUnavailable },
        { new ApiProtocolException("cut off", s_request), "MeshRoll.BrokenAnswer", ErrorCategory.ProtocolError },
        { new ClusterUnreachableException("MeshRoll.ServerUnreachable", "gone", new Uri("https://127.0.0.1:1")), "MeshRoll.ServerUnreachable", ErrorCategory.ConnectionError },
        { new KubeConfigException(KubeConfigException.ContextNotFound, "none"), "MeshRoll.ContextNotFound", ErrorCategory.ObjectNotFound },
        { new KubeConfigException(KubeConfigException.Invalid, "line 3"), "MeshRoll.KubeConfigInvalid", ErrorCategory.InvalidData },
        { new InvalidRequestException("MeshRoll.SelectorInvalid", "no"), "MeshRoll.SelectorInvalid", ErrorCategory.InvalidArgument },
        { new CommandException("MeshRoll.WorkloadNotFound", "none"), "MeshRoll.WorkloadNotFound", ErrorCategory.ObjectNotFound },
        { new OperationCanceledException(), "MeshRoll.Cancelled", ErrorCategory.OperationStopped },
        { new AggregateException(new InvalidRequestException("MeshRoll.NameInvalid", "no")), "MeshRoll.NameInvalid", ErrorCategory.InvalidArgument },
    };

    [Theory]
    [MemberData(nameof(Known))]
    public void Every_error_has_its_id_and_a_fitting_category(Exception exception, string id, ErrorCategory category)
    {
        var error = CommandErrors.From(exception);
        Assert.Equal(id, error.Id);
        Assert.Equal(category, error.Category);
    }

    [Fact]
    public void What_nobody_foresaw_is_one_sentence_and_keeps_the_exception_inside()
    {
        var bug = new InvalidOperationException("first line\n   at Something()");
        var error = CommandErrors.From(bug, "web");

        Assert.Equal("MeshRoll.Unexpected", error.Id);
        Assert.DoesNotContain("at Something", error.Message, StringComparison.Ordinal);
        Assert.Contains("first line", error.Message, StringComparison.Ordinal);
        Assert.Same(bug, error.Exception.InnerException);
        Assert.Equal("web", error.Target);
    }

    [Theory]
    [InlineData(RolloutState.Failed, "MeshRoll.RolloutFailed", ErrorCategory.InvalidResult)]
    [InlineData(RolloutState.TimedOut, "MeshRoll.RolloutTimedOut", ErrorCategory.OperationTimeout)]
    public void A_rollout_that_did_not_come_back_is_an_error_about_itself_with_reason_and_advice(RolloutState state, string id, ErrorCategory category)
    {
        var rollout = Rollout(state) with { Message = "the image nginx:none does not exist", Diagnosis = [new() { Id = "ImagePull", Message = "x", Advice = "Correct the image." }] };
        var error = Assert.Single(RolloutErrors.Of(rollout));

        Assert.Equal((id, category), (error.Id, error.Category));
        Assert.Same(rollout, error.Target);
        Assert.StartsWith("shop deployment/web ", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("the image nginx:none does not exist. Correct the image.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_rollout_that_is_done_with_the_old_sidecar_is_an_error_too()
    {
        var rollout = Rollout(RolloutState.Complete) with { Diagnosis = [new() { Id = "SidecarStillOutdated", Severity = FindingSeverity.Error, Message = "1 of 3 new pods did not get the sidecar wanted" }] };
        var error = Assert.Single(RolloutErrors.Of(rollout));

        Assert.Equal("MeshRoll.SidecarStillOutdated", error.Id);
        Assert.Equal("shop deployment/web was restarted, but 1 of 3 new pods did not get the sidecar wanted.", error.Message);
    }

    [Fact]
    public void A_rollout_that_is_done_with_pods_injected_twice_is_an_error_too_and_one_with_less_is_not()
    {
        var rollout = Rollout(RolloutState.Complete) with
        {
            Diagnosis = [new() { Id = "InjectedTwice", Severity = FindingSeverity.Error, Message = "Pod web-1 carries two." }, new() { Id = "NotReady", Severity = FindingSeverity.Warning, Message = "not ready" }],
        };

        Assert.Equal(("MeshRoll.InjectedTwice", "shop deployment/web was restarted, but pod web-1 carries two."), (Assert.Single(RolloutErrors.Of(rollout)).Id, RolloutErrors.Of(rollout).First().Message));
    }

    [Fact]
    public void What_else_is_wrong_is_told_too_but_nothing_twice_and_not_all_of_it()
    {
        MeshFinding Finding(string message) => new() { Id = "X", Message = message };
        var rollout = Rollout(RolloutState.Failed) with { Message = "no progress; first", Diagnosis = [Finding("first") with { Advice = "Do this." }, Finding("first"), Finding("second."), Finding("third"), Finding("fourth")] };

        Assert.EndsWith(" failed: no progress; first. Do this. Besides: second; third; and 1 more.", Assert.Single(RolloutErrors.Of(rollout)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(RolloutState.Complete)]
    [InlineData(RolloutState.Skipped)]
    public void A_rollout_that_is_done_is_no_error(RolloutState state) => Assert.Empty(RolloutErrors.Of(Rollout(state)));

    private static MeshRollout Rollout(RolloutState state) => new() { Cluster = "c", Namespace = "shop", Kind = "Deployment", Name = "web", State = state };

    private static ApiException Api(string id, HttpStatusCode code) => new(id, "no", code, "", s_request);
}
