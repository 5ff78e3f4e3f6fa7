using System.Management.Automation;
using System.Net;
using MeshRoll.Core;
using MeshRoll.Kubernetes;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Configuration;
using MeshRoll.Kubernetes.PortForwarding;
using MeshRoll.Kubernetes.Transport;
using MeshRoll.Pipeline;

namespace MeshRoll.Errors;

/// <summary>The one place where something that went wrong becomes an error record: id, category, target.</summary>
internal static class CommandErrors
{
    /// <summary>An exception as an error. One that nobody foresaw keeps itself as the inner exception and shows one sentence.</summary>
    public static CommandError From(Exception exception, object? target = null) => exception switch
    {
        AggregateException { InnerExceptions: [var only] } => From(only, target),
        MeshRollException known => new(known.Id, CategoryOf(known), known, target ?? TargetOf(known)),
        OperationCanceledException => new("MeshRoll.Cancelled", ErrorCategory.OperationStopped, new CommandException("MeshRoll.Cancelled", "The command was stopped before it was done.", exception), target),
        _ => Unexpected(exception, target),
    };

    /// <summary>A sentence of a command's own.</summary>
    public static CommandError Of(string id, ErrorCategory category, string message, object? target = null) =>
        new(id, category, new CommandException(id, message), target);

    private static CommandError Unexpected(Exception exception, object? target)
    {
        const string Id = "MeshRoll.Unexpected";
        var message = $"Something unforeseen went wrong ({exception.GetType().Name}): {FirstLine(exception.Message)} The inner exception of this error tells more.";
        return new(Id, ErrorCategory.NotSpecified, new CommandException(Id, message, exception), target);
    }

    private static ErrorCategory CategoryOf(MeshRollException exception) => exception switch
    {
        ApiException api => CategoryOf(api.Code),
        ApiProtocolException => ErrorCategory.ProtocolError,
        ClusterUnreachableException or PortForwardException => ErrorCategory.ConnectionError,
        KubeConfigException { Id: KubeConfigException.NotFound or KubeConfigException.ContextNotFound } => ErrorCategory.ObjectNotFound,
        KubeConfigException => ErrorCategory.InvalidData,
        InvalidRequestException => ErrorCategory.InvalidArgument,
        _ => CategoryOf(exception.Id),
    };

    private static ErrorCategory CategoryOf(HttpStatusCode code) => code switch
    {
        HttpStatusCode.Unauthorized => ErrorCategory.AuthenticationError,
        HttpStatusCode.Forbidden => ErrorCategory.PermissionDenied,
        HttpStatusCode.NotFound or HttpStatusCode.Gone => ErrorCategory.ObjectNotFound,
        HttpStatusCode.Conflict or HttpStatusCode.TooManyRequests => ErrorCategory.ResourceBusy,
        HttpStatusCode.BadRequest => ErrorCategory.InvalidArgument,
        HttpStatusCode.UnprocessableEntity => ErrorCategory.InvalidData,
        HttpStatusCode.RequestTimeout or HttpStatusCode.GatewayTimeout => ErrorCategory.OperationTimeout,
        >= HttpStatusCode.InternalServerError => ErrorCategory.ResourceUnavailable,
        _ => ErrorCategory.InvalidOperation,
    };

    // Exceptions of the engine are told apart by their ids, which are as stable as their types and fewer to know.
    private static ErrorCategory CategoryOf(string id) => id switch
    {
        _ when id.EndsWith("NotFound", StringComparison.Ordinal) => ErrorCategory.ObjectNotFound,
        _ when id.StartsWith("MeshRoll.Credential", StringComparison.Ordinal) => ErrorCategory.AuthenticationError,
        _ when id.EndsWith("Invalid", StringComparison.Ordinal) => ErrorCategory.InvalidData,
        _ when id.EndsWith("TimedOut", StringComparison.Ordinal) => ErrorCategory.OperationTimeout,
        _ => ErrorCategory.InvalidOperation,
    };

    private static object? TargetOf(MeshRollException exception) => exception switch
    {
        ApiException { Request: var request } => request.Name ?? request.Namespace ?? request.Resource,
        ClusterUnreachableException { Server: var server } => server,
        KubeConfigException { File: var file } => file,
        _ => null,
    };

    private static string FirstLine(string text)
    {
        var line = text.AsSpan().Trim();
        var end = line.IndexOfAny('\r', '\n');
        return (end < 0 ? line : line[..end].TrimEnd()).ToString();
    }
}
