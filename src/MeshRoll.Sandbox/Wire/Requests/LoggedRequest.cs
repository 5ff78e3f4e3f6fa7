using System.Text;

namespace MeshRoll.Sandbox.Wire.Requests;

/// <summary>A request in the log. Keeps what it must and makes words of it only when someone reads.</summary>
internal sealed class LoggedRequest
{
    private const int LongestBody = 4096;

    private readonly DateTimeOffset _time;
    private readonly string _method;
    private readonly string _path;
    private readonly IReadOnlyList<KeyValuePair<string, string>> _query;
    private readonly string _userAgent;
    private readonly byte[] _body;
    private HttpResponse? _response;
    private int _status;
    private string _fault = "";
    private double? _duration;

    /// <summary>Notes a request whose answer begins now.</summary>
    public LoggedRequest(DateTimeOffset time, HttpRequest request, HttpResponse response)
    {
        _time = time;
        _method = request.Method;
        _path = request.Path;
        _query = request.Query;
        _userAgent = request.Header("User-Agent");
        _body = ReadableBody(request);
        _response = response;
        Target = request.Target;
    }

    /// <summary>What it is about.</summary>
    public RequestTarget Target { get; }

    /// <summary>Notes the end of the answer.</summary>
    /// <param name="duration">How long it took.</param>
    /// <param name="failure">The status of the failure that the server will answer with, where the handler answered nothing.</param>
    public void End(TimeSpan duration, int failure)
    {
        if (_response is not { } response) return;
        (_status, _fault, _duration) = (response.Status == 0 ? failure : response.Status, response.Fault, duration.TotalMilliseconds);
        _response = null;
    }

    /// <summary>The request as it stands now.</summary>
    public SandboxRequest ToSandboxRequest()
    {
        var response = _response;
        return new()
        {
            Time = _time,
            Verb = Target.Verb,
            Method = _method,
            Path = _path,
            Query = string.Join('&', _query.Select(static pair => $"{pair.Key}={pair.Value}")),
            Group = Target.Group,
            Resource = Target.Resource,
            Subresource = Target.Subresource,
            Namespace = Target.Namespace,
            Name = Target.Name,
            UserAgent = _userAgent,
            Status = response?.Status ?? _status,
            DurationMilliseconds = _duration,
            Fault = response?.Fault ?? _fault,
            // Where it was cut the last character may be half.
            Body = Encoding.UTF8.GetString(_body).TrimEnd('\uFFFD'),
        };
    }

    private static byte[] ReadableBody(HttpRequest request)
    {
        if (request.Body.IsEmpty || HoldsSecrets(request.Target) || !IsText(request.Header("Content-Type"))) return [];
        return request.Body[..Math.Min(request.Body.Length, LongestBody)].ToArray();
    }

    private static bool HoldsSecrets(RequestTarget target) => target.Resource is "secrets" or "tokenreviews";

    private static bool IsText(string contentType) =>
        contentType.Length == 0 || contentType.Contains("json", StringComparison.OrdinalIgnoreCase)
        || contentType.Contains("yaml", StringComparison.OrdinalIgnoreCase) || contentType.StartsWith("text/", StringComparison.OrdinalIgnoreCase);
}
