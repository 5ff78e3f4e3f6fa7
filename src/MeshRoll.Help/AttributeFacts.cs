using System.Collections.ObjectModel;
using System.Reflection;

namespace MeshRoll.Help;

/// <summary>
/// Reads PowerShell's attributes as they are written in the metadata: the classes of the reference assembly can be constructed, but keep nothing.
/// </summary>
public static class AttributeFacts
{
    /// <summary>The attributes of one type on a class or a property.</summary>
    public static IEnumerable<CustomAttributeData> Of<TAttribute>(MemberInfo member)
        where TAttribute : Attribute => member.GetCustomAttributesData().Where(data => data.AttributeType == typeof(TAttribute));

    /// <summary>A property set on the attribute; the default of its type when it is not.</summary>
    public static T? Named<T>(this CustomAttributeData data, string name) =>
        data.NamedArguments.Where(argument => argument.MemberName == name).Select(argument => (T?)argument.TypedValue.Value).FirstOrDefault();

    /// <summary>All values of the constructor's arguments, those of arrays one by one.</summary>
    public static IEnumerable<object?> Values(this CustomAttributeData data) => data.ConstructorArguments.SelectMany(argument =>
        argument.Value is ReadOnlyCollection<CustomAttributeTypedArgument> several ? several.Select(one => one.Value) : [argument.Value]);
}
