using System.Text.Json;
using MeshRoll.Sandbox.Objects;

namespace MeshRoll.Sandbox.Store;

/// <summary>A reading of an object for one purpose.</summary>
/// <typeparam name="T">The view itself.</typeparam>
internal interface IStoredView<out T>
{
    /// <summary>Reads the view from an object, best from those of its parts that it needs.</summary>
    static abstract T Read(StoredObject stored);
}

/// <summary>A reading of an object's whole JSON.</summary>
/// <typeparam name="T">The view itself.</typeparam>
internal interface IObjectView<T> : IStoredView<T> where T : IObjectView<T>
{
    /// <summary>Reads the view from an object's JSON.</summary>
    static abstract T Read(JsonElement root);

    static T IStoredView<T>.Read(StoredObject stored)
    {
        using var document = JsonDocument.Parse(stored.Json);
        return T.Read(document.RootElement);
    }
}

/// <summary>A reading of which most follows from the wish: that is read once for all versions of an object that wish the same.</summary>
/// <typeparam name="T">The view itself.</typeparam>
internal interface IWishView<T> : IStoredView<T> where T : class, IWishView<T>
{
    /// <summary>Reads what follows from the spec.</summary>
    static abstract T ReadWish(JsonElement spec);

    /// <summary>The same with what follows from metadata and status.</summary>
    T Complete(ObjectMetadata metadata, JsonElement status);

    static T IStoredView<T>.Read(StoredObject stored)
    {
        var wish = stored.Wish.As(static part =>
        {
            using var document = part.Parse();
            return T.ReadWish(document.RootElement.At("spec"));
        });
        if (stored.Status is null) return wish.Complete(stored.Metadata, default);
        using var status = JsonDocument.Parse(stored.Status.Json);
        return wish.Complete(stored.Metadata, status.RootElement);
    }
}
