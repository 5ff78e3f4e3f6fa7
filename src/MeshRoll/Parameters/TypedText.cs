using System.Management.Automation;

namespace MeshRoll.Parameters;

/// <summary>What was typed on a command line. PowerShell reads 2d as the decimal number 2 (about_Numeric_Literals) and keeps the text beside it.</summary>
internal static class TypedText
{
    /// <summary>The value without wrapping; for a number typed with the suffix d the text, which means days.</summary>
    public static object? Of(object? value) => value switch
    {
        PSObject { BaseObject: decimal } typed when typed.ToString() is [.., 'd' or 'D'] text => text.ToLowerInvariant(),
        PSObject wrapped => wrapped.BaseObject,
        _ => value,
    };
}
