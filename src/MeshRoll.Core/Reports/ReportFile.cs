using System.Text;
using MeshRoll.Core.Reports.Html;

namespace MeshRoll.Core.Reports;

/// <summary>Writes a report to a file.</summary>
public static class ReportFile
{
    /// <summary>The format that a file's name asks for: <c>.html</c>, <c>.md</c>, <c>.json</c>; null for another ending.</summary>
    public static ReportFormat? FormatOf(string path) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".html" or ".htm" => ReportFormat.Html,
        ".md" or ".markdown" => ReportFormat.Markdown,
        ".json" => ReportFormat.Json,
        _ => null,
    };

    /// <summary>Writes the file, UTF-8: whole, or not at all where writing fails, and then the file that was there before stays.</summary>
    /// <exception cref="InvalidRequestException"><c>MeshRoll.ReportNotWritten</c>: the folder is missing, the disk full, the right missing.</exception>
    public static void Write(RolloutReport report, string path, ReportFormat format)
    {
        ArgumentNullException.ThrowIfNull(report);
        try
        {
            WholeFile.Write(path, stream => Write(report, stream, format));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InvalidRequestException("MeshRoll.ReportNotWritten", $"The report cannot be written to {path}: {error.Message}");
        }
    }

    /// <summary>The report as Markdown.</summary>
    public static string MarkdownOf(RolloutReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        using var text = new StringWriter();
        MarkdownReport.Write(report, text);
        return text.ToString();
    }

    /// <summary>Writes to a stream, which stays open.</summary>
    public static void Write(RolloutReport report, Stream output, ReportFormat format)
    {
        ArgumentNullException.ThrowIfNull(report);
        if (format == ReportFormat.Json)
        {
            JsonReport.Write(report, output);
            return;
        }
        using var writer = new StreamWriter(output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), bufferSize: 1 << 15, leaveOpen: true);
        if (format == ReportFormat.Html) HtmlReport.Write(report, writer);
        else MarkdownReport.Write(report, writer);
    }
}
