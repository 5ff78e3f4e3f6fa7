using System.Text.Json;
using MeshRoll.Sandbox.Selecting;
using MeshRoll.Sandbox.Store;
using MeshRoll.Sandbox.Writing;

namespace MeshRoll.Sandbox.Api;

/// <summary>Which objects a list, watch or deletion is about, by the selectors in the query.</summary>
internal sealed class Selection
{
    private readonly LabelSelector _labels;
    private readonly FieldSelector _fields;
    private readonly string _name;

    private Selection(LabelSelector labels, FieldSelector fields, string name) => (_labels, _fields, _name) = (labels, fields, name);

    /// <summary>Whether nothing is left out.</summary>
    public bool IsEverything => _labels.IsEverything && _fields.IsEverything && _name.Length == 0;

    /// <summary>Reads the selectors of a request.</summary>
    /// <exception cref="ApiStatusException">One is malformed.</exception>
    public static Selection Of(ApiCall call)
    {
        try
        {
            var labels = call.Request.QueryValue("labelSelector") is { Length: > 0 } text ? LabelSelector.Parse(text) : LabelSelector.Everything;
            var fields = call.Request.QueryValue("fieldSelector") is { Length: > 0 } other ? FieldSelector.Parse(other, call.Resource.Kind) : FieldSelector.Everything;
            return new(labels, fields, call.Name);
        }
        catch (SelectorException exception)
        {
            throw ApiStatusException.BadRequest(exception.Message);
        }
    }

    /// <summary>Whether the object is among them.</summary>
    public bool Matches(StoredObject stored)
    {
        if (_name.Length > 0 && stored.Name != _name) return false;
        if (!_labels.Matches(stored.Labels)) return false;
        if (_fields.IsEverything) return true;
        using var document = JsonDocument.Parse(stored.Json);
        return _fields.Matches(document.RootElement);
    }
}
