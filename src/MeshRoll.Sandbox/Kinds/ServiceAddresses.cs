using System.Globalization;
using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Admission;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Store;
using MeshRoll.Sandbox.Writing;

namespace MeshRoll.Sandbox.Kinds;

/// <summary>
/// Gives Services their addresses in 10.96.0.0/16 and their node ports. Both follow from the Service's name, so that a world that is built twice has
/// the same addresses twice.
/// </summary>
internal sealed class ServiceAddresses : IAdmission
{
    private const int FirstPort = 30000;
    private const int Ports = 2768;

    private readonly Dictionary<string, string> _holders = new(StringComparer.Ordinal);
    private readonly Dictionary<long, string> _portHolders = [];

    public ServiceAddresses(ObjectStore store) => store.Changed += Observe;

    /// <inheritdoc/>
    public bool Concerns(string operation, ApiResource resource) => operation != "DELETE" && resource == ApiResources.Services;

    /// <inheritdoc/>
    public void Admit(AdmissionRequest request)
    {
        if (request.Resource != ApiResources.Services || request.Operation == "DELETE") return;
        var (service, spec) = (request.Object, request.Object.Object("spec"));
        var key = $"{request.Namespace}/{service.Text("metadata", "name")}";
        // A replaced Service that says nothing keeps what it had.
        var before = request.Before?.ToJson();
        if (spec.Text("type") == "ExternalName")
        {
            spec.Remove("clusterIP");
            spec.Remove("clusterIPs");
        }
        else
        {
            GiveAddress(spec, key, before, request);
        }
        if (spec.Text("type") is not ("NodePort" or "LoadBalancer")) return;
        foreach (var port in spec.Items("ports")) GivePort(port, key, before);
    }

    private void GiveAddress(JsonObject spec, string key, JsonObject? before, AdmissionRequest request)
    {
        var address = spec.Text("clusterIP") ?? (spec.At("clusterIPs") is JsonArray { Count: > 0 } list ? list[0]?.ToString() : null) ?? "";
        if (address.Length == 0) address = before.Text("spec", "clusterIP") ?? "";
        if (address.Length == 0) address = Free(key);
        else if (address != "None" && before is null) Require(address, request);
        if (spec.Text("clusterIP") != address) spec["clusterIP"] = address;
        if (spec.At("clusterIPs") is not JsonArray { Count: 1 } known || known[0]?.ToString() != address) spec["clusterIPs"] = new JsonArray(address);
    }

    private void Require(string address, AdmissionRequest request)
    {
        var why = !System.Net.IPAddress.TryParse(address, out _) ? "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"
            : !address.StartsWith("10.96.", StringComparison.Ordinal) ? $"failed to allocate IP {address}: the provided IP is not in the valid range. The range of valid IPs is 10.96.0.0/16"
            : _holders.ContainsKey(address) ? $"failed to allocate IP {address}: provided IP is already allocated"
            : "";
        if (why.Length > 0) throw ApiStatusException.Invalid(request.Resource, request.Object.Text("metadata", "name") ?? "", [FieldErrors.Invalid("spec.clusterIPs", GoText.List([address]), why)]);
    }

    private void GivePort(JsonObject port, string key, JsonObject? before)
    {
        if (port.Number("nodePort") is > 0) return;
        var kept = before.Items("spec", "ports").FirstOrDefault(old => old.Number("port") == port.Number("port") && old.Text("protocol") == port.Text("protocol")).Number("nodePort");
        if (kept is null)
        {
            var start = Hash($"{key}:{port.Number("port")}") % Ports;
            for (var i = 0u; i < Ports && (kept is null || _portHolders.ContainsKey(kept.Value)); i++) kept = FirstPort + ((start + i) % Ports);
        }
        port["nodePort"] = kept;
    }

    // The first addresses are left to those who ask for them: 10.96.0.1 is the API server, 10.96.0.10 its name service.
    private string Free(string key)
    {
        const uint Reserved = 256;
        const uint Addresses = 65_535 - Reserved;
        var start = Hash(key) % Addresses;
        for (var i = 0u; i < Addresses; i++)
        {
            var number = Reserved + ((start + i) % Addresses);
            var address = string.Create(CultureInfo.InvariantCulture, $"10.96.{number >> 8}.{number & 255}");
            if (!_holders.ContainsKey(address)) return address;
        }
        throw ApiStatusException.Internal("failed to allocate a serviceIP: range is full");
    }

    private void Observe(StoreChange change)
    {
        if (change.Object.Resource != ApiResources.Services) return;
        if (change.Before is { } before) Set(before, held: false);
        if (change.Type != ChangeType.Deleted) Set(change.Object, held: true);
    }

    private void Set(StoredObject stored, bool held)
    {
        var spec = stored.ToJson()["spec"];
        if (spec.Text("clusterIP") is { Length: > 0 } address && address != "None")
        {
            if (held) _holders[address] = stored.Uid;
            else _holders.Remove(address);
        }
        foreach (var port in spec.Items("ports"))
        {
            if (port.Number("nodePort") is not { } number) continue;
            if (held) _portHolders[number] = stored.Uid;
            else _portHolders.Remove(number);
        }
    }

    private static uint Hash(string text)
    {
        var hash = 2166136261u;
        foreach (var sign in text) hash = (hash ^ sign) * 16777619u;
        return hash;
    }
}
