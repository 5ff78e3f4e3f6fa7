using System.Text;

namespace MeshRoll.Core;

/// <summary>Files that are there whole or not at all.</summary>
internal static class WholeFile
{
    /// <summary>Writes text, UTF-8 without a byte order mark.</summary>
    /// <exception cref="IOException">It cannot be written, or is there and may not be replaced; what was there before is there still.</exception>
    public static void Write(string path, string text, bool overwrite = true) => Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)), overwrite);

    /// <summary>Writes beside the file, makes sure that it is on the disk, and then puts it in its place.</summary>
    /// <exception cref="IOException">It cannot be written, or is there and may not be replaced; what was there before is there still.</exception>
    public static void Write(string path, Action<Stream> write, bool overwrite = true)
    {
        var beside = $"{path}.{Guid.NewGuid():n}.tmp";
        try
        {
            using (var stream = new FileStream(beside, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(beside, path, overwrite);
        }
        catch
        {
            TryDelete(beside);
            throw;
        }
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception left) when (left is IOException or UnauthorizedAccessException)
        {
            // What could not be written can hardly be there, and a remainder by such a name harms nobody.
        }
    }
}
