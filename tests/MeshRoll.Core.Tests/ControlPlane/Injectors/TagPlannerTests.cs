using System.Text.Json.Nodes;
using MeshRoll.Core.ControlPlane.Injectors;
using MeshRoll.Core.ControlPlane.Injectors.Switching;
using MeshRoll.Core.Tests.Builders;
using MeshRoll.Kubernetes.Models;
using static MeshRoll.Core.Tests.Builders.InjectorMesh;

namespace MeshRoll.Core.Tests.ControlPlane.Injectors;

public sealed class TagPlannerTests
{
    [Fact]
    public void A_new_tag_is_a_copy_of_the_revisions_own_webhook_with_selectors_of_its_own()
    {
        var step = Assert.Single(TagPlanner.Set(new InjectorMesh().Survey(), "canary", New, move: false, Now).Steps);

        Assert.True(JsonNode.DeepEquals(Cleaned(Webhook(New, "canary", $"istiod-{New}", NewCa)), step.Desired), step.Desired!.ToJsonString());
    }

    [Fact]
    public void A_tag_that_is_there_moves_in_one_patch_and_only_when_told_to()
    {
        var survey = new InjectorMesh().With(Webhook("default", "canary", "istiod", OldCa)).Survey();

        Assert.Equal("MeshRoll.TagExists", Assert.Throws<InjectorRefusedException>(() => TagPlanner.Set(survey, "canary", New, move: false, Now)).Id);
        var plan = TagPlanner.Set(survey, "canary", New, move: true, Now);
        var step = Assert.Single(plan.Steps);
        Assert.Equal(["metadata.labels[istio.io/rev]", "webhooks[0].clientConfig.service.name", "webhooks[0].clientConfig.caBundle", "webhooks[1].clientConfig.service.name", "webhooks[1].clientConfig.caBundle"],
            step.Fields().Select(field => field.Field));
        Assert.Equal(["Set-MeshRevisionTag -Tag canary -Revision default -Force"], plan.Undo);
        Assert.Empty(TagPlanner.Set(survey, "canary", "default", move: false, Now).Steps);
    }

    [Theory]
    [InlineData("Canary")]
    [InlineData("-canary")]
    [InlineData("")]
    [InlineData("a.b")]
    [InlineData(New)]
    public void A_name_that_cannot_be_a_tags_is_refused(string tag) =>
        Assert.Equal("MeshRoll.TagInvalid", Assert.Throws<InjectorRefusedException>(() => TagPlanner.Set(new InjectorMesh().Survey(), tag, New, move: true, Now)).Id);

    [Fact]
    public void The_tag_default_comes_between_two_writes_of_the_default_revisions_own_webhook()
    {
        var mesh = new InjectorMesh { Validators = [Validator("default", OldCa, TagPlanner.DefaultValidator)] };

        var plan = TagPlanner.Set(mesh.Survey(), "default", New, move: false, Now);

        Assert.Equal(["istio-sidecar-injector", "istio-revision-tag-default", "istio-sidecar-injector", "istiod-default-validator"], plan.Steps.Select(step => step.Name));
        Assert.Equal(["bank"], plan.Namespaces);
        Assert.Equal(["Remove-MeshRevisionTag -Tag default"], plan.Undo);
        Assert.Equal(3, plan.Before.Count + 1);
    }

    [Fact]
    public void A_webhook_switched_off_and_on_again_is_as_it_was()
    {
        var webhook = Webhook("default", null, "istiod", OldCa);
        var before = webhook.DeepClone();
        // One of the user's own making must come back too, so that it is not simply what Istio's chart has.
        webhook["webhooks"]![2]!["objectSelector"] = All(new JsonObject { ["key"] = "own", ["operator"] = "Exists" });
        var own = webhook.DeepClone();

        WebhookEdits.YieldToOthers(webhook);
        WebhookEdits.SwitchOff(webhook);
        Assert.False(InjectorWebhook.From(RawObject.From(webhook))!.IsActive);
        WebhookEdits.SwitchOn(webhook, "default");
        Assert.True(JsonNode.DeepEquals(own, webhook), webhook.ToJsonString());

        // Switched off by istioctl, which keeps nothing: as the chart has it.
        webhook = before.DeepClone().AsObject();
        WebhookEdits.SwitchOff(webhook);
        webhook["metadata"]!.AsObject().Remove("annotations");
        WebhookEdits.SwitchOn(webhook, "default");
        Assert.True(JsonNode.DeepEquals(before, webhook), webhook.ToJsonString());
    }

    [Fact]
    public void A_tag_that_namespaces_follow_goes_only_by_force()
    {
        var mesh = new InjectorMesh().With(Webhook(New, "canary", $"istiod-{New}", NewCa)).WithNamespaces(Mesh.Namespace("team-a", "istio.io/rev=canary"));
        var refused = Assert.Throws<InjectorRefusedException>(() => TagPlanner.Remove(mesh.Survey(), "canary", force: false, Now));
        Assert.Equal("MeshRoll.TagInUse", refused.Id);
        Assert.Contains("team-a", refused.Message, StringComparison.Ordinal);
        Assert.Null(Assert.Single(TagPlanner.Remove(mesh.Survey(), "canary", force: true, Now).Steps).Desired);
        Assert.Equal("MeshRoll.TagNotFound", Assert.Throws<InjectorRefusedException>(() => TagPlanner.Remove(mesh.Survey(), "nowhere", force: true, Now)).Id);
    }

    [Fact]
    public void A_step_on_what_an_earlier_step_left_changes_only_what_is_still_missing()
    {
        var plan = TagPlanner.Set(new InjectorMesh().Survey(), "default", New, move: false, Now);
        var after = RawObject.From(plan.Steps[0].Desired!);

        var rebased = plan.Steps[2].On(after);

        Assert.All(rebased.Differences.Where(difference => difference.Pointer.EndsWith("objectSelector", StringComparison.Ordinal)),
            difference => Assert.Contains(WebhookEdits.InjectedLabel, difference.Before!.ToJsonString(), StringComparison.Ordinal));
        Assert.True(JsonNode.DeepEquals(plan.Steps[2].Desired, rebased.Desired));
    }

    [Fact]
    public void A_change_is_taken_back_field_by_field_and_leaves_what_others_did_since()
    {
        var step = Assert.Single(SwitchPlanner.Plan(new InjectorMesh().Survey(), new() { To = New }, Now).Steps);
        var now = step.Desired!.DeepClone().AsObject();
        now["metadata"]!["labels"]!["somebody"] = "else";

        var back = step.Back(RawObject.From(now))!;

        Assert.Equal("else", (string?)back.Desired!["metadata"]!["labels"]!["somebody"]);
        Assert.Equal("istiod", (string?)back.Desired["webhooks"]![0]!["clientConfig"]!["service"]!["name"]);
        Assert.Equal(step.Differences.Count, back.Differences.Count);
    }

    private static JsonObject Cleaned(JsonObject webhook)
    {
        foreach (var name in (string[])["uid", "resourceVersion"]) webhook["metadata"]!.AsObject().Remove(name);
        return webhook;
    }
}
