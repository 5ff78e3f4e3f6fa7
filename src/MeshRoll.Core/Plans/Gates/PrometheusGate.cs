using System.Globalization;
using System.Net.Sockets;
using System.Text.Json;
using MeshRoll.Core.Rollouts;

namespace MeshRoll.Core.Plans.Gates;

/// <summary>
/// A gate that opens while the result of a Prometheus query is below a limit: an error rate, a latency. Of several series the highest counts. No series, or
/// a value that is no number, is no answer, and no answer is no yes (Prometheus documentation, HTTP API, instant queries).
/// </summary>
public sealed class PrometheusGate : IRunGate, IDisposable
{
    private const int LongestAnswer = 4 << 20;

    private readonly HttpClient _client;
    private readonly Uri _uri;
    private readonly string _query;
    private readonly double _below;

    /// <param name="server">Where Prometheus is: <c>https://prometheus.example:9090</c>, with a path where it has one.</param>
    /// <param name="query">In PromQL.</param>
    /// <param name="below">The limit.</param>
    /// <param name="handler">What sends the requests; null for the usual.</param>
    /// <exception cref="InvalidRequestException"><c>MeshRoll.GateInvalid</c>: no address, or no query.</exception>
    public PrometheusGate(string server, string query, double below, HttpMessageHandler? handler = null)
    {
        ArgumentNullException.ThrowIfNull(server);
        if (!Uri.TryCreate(server.TrimEnd('/'), UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https")) throw new InvalidRequestException("MeshRoll.GateInvalid", "The address of Prometheus must begin with http:// or https://.");
        if (string.IsNullOrWhiteSpace(query)) throw new InvalidRequestException("MeshRoll.GateInvalid", "The query of the gate is empty.");
        if (double.IsNaN(below)) throw new InvalidRequestException("MeshRoll.GateInvalid", "The limit of the gate is no number.");
        (_query, _below) = (query, below);
        _uri = new($"{address.GetLeftPart(UriPartial.Path).TrimEnd('/')}/api/v1/query?query={Uri.EscapeDataString(query)}");
        _client = new(handler ?? new SocketsHttpHandler { AllowAutoRedirect = false }, disposeHandler: true) { Timeout = TimeSpan.FromSeconds(30), MaxResponseContentBufferSize = LongestAnswer };
    }

    /// <inheritdoc/>
    public async Task<GateAnswer> AskAsync(GateQuestion question, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await _client.GetAsync(_uri, cancellationToken);
            if (!answer.IsSuccessStatusCode) return new(false, $"Prometheus answers {(int)answer.StatusCode}");
            using var json = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(cancellationToken));
            return Judge(json.RootElement);
        }
        catch (Exception error) when (error is HttpRequestException or SocketException or JsonException or InvalidOperationException || (error is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return new(false, $"Prometheus could not be asked: {Wording.Line(error.Message, 200)}");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private GateAnswer Judge(JsonElement json)
    {
        if (!json.TryGetProperty("data", out var data) || !data.TryGetProperty("result", out var result) || result.ValueKind != JsonValueKind.Array) return new(false, "Prometheus' answer holds no result");
        List<double> values = [];
        // A scalar is one sample, a vector has one in each series.
        if (data.TryGetProperty("resultType", out var type) && type.GetString() == "scalar") values.Add(Value(result));
        else foreach (var series in result.EnumerateArray()) values.Add(series.TryGetProperty("value", out var sample) ? Value(sample) : double.NaN);
        if (values.Count == 0) return new(false, $"the query has no result: {Wording.Line(_query, 100)}");
        if (values.Exists(double.IsNaN)) return new(false, $"the query's result is no number: {Wording.Line(_query, 100)}");
        var highest = values.Max();
        return new(highest < _below, string.Create(CultureInfo.InvariantCulture, $"{highest:0.######} is {(highest < _below ? "" : "not ")}below {_below:0.######}"));
    }

    // A sample is the time and the value, the latter as text.
    private static double Value(JsonElement sample) =>
        sample.ValueKind == JsonValueKind.Array && sample.GetArrayLength() == 2 && sample[1].ValueKind == JsonValueKind.String && double.TryParse(sample[1].GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            ? value
            : sample.ValueKind == JsonValueKind.Array && sample.GetArrayLength() == 2 && sample[1].ValueKind == JsonValueKind.String && sample[1].GetString() is "+Inf" or "-Inf" ? double.PositiveInfinity : double.NaN;
}
