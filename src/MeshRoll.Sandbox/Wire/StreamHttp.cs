using System.Globalization;
using System.Text;

namespace MeshRoll.Sandbox.Wire;

/// <summary>What is answered to one request on a <see cref="StreamHttp"/>.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="ContentType">The media type of the body.</param>
/// <param name="Body">The whole body.</param>
internal sealed record StreamAnswer(int Status, string ContentType, byte[] Body);

/// <summary>Speaks HTTP/1.1 on a stream that is no connection of the server's: with those who come through a forwarded port. Requests have no bodies there.</summary>
internal static class StreamHttp
{
    /// <summary>Answers one request after the other, until either side has enough.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="answer">Finds the answer.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task ServeAsync(Stream stream, Func<RequestHead, StreamAnswer> answer, CancellationToken cancellationToken)
    {
        var input = new ConnectionInput(stream, static () => { });
        await using (input.ConfigureAwait(false))
        {
            var heads = new RequestHeadReader();
            var goesOn = true;
            while (goesOn)
            {
                var length = RequestHeadReader.FindEnd(input.Buffered);
                if (length < 0 && input.Buffered.Length < RequestHeadReader.Limit)
                {
                    if (!await input.FillAsync(cancellationToken).ConfigureAwait(false)) return;
                    continue;
                }
                var (bytes, keepAlive) = Answer(length < 0 ? null : input.Buffered[..length].ToArray(), heads, answer);
                input.Consume(Math.Max(0, length));
                goesOn = keepAlive;
                await stream.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static (byte[] Bytes, bool KeepAlive) Answer(byte[]? head, RequestHeadReader heads, Func<RequestHead, StreamAnswer> answer)
    {
        try
        {
            if (head is null) throw new HttpProblem(431, "the request's head is too long");
            var request = heads.Read(head);
            return (Write(answer(request), request.Method != "HEAD", request.KeepAlive), request.KeepAlive);
        }
        catch (HttpProblem problem)
        {
            return (Write(new(problem.Status, "text/plain; charset=utf-8", Encoding.UTF8.GetBytes(problem.Message)), hasBody: true, keepAlive: false), false);
        }
    }

    private static byte[] Write(StreamAnswer answer, bool hasBody, bool keepAlive)
    {
        var head = string.Create(CultureInfo.InvariantCulture,
            $"HTTP/1.1 {answer.Status} {StatusLine.Phrase(answer.Status)}\r\nContent-Type: {answer.ContentType}\r\nContent-Length: {answer.Body.Length}\r\n{(keepAlive ? "" : "Connection: close\r\n")}\r\n");
        return hasBody ? [.. Encoding.ASCII.GetBytes(head), .. answer.Body] : Encoding.ASCII.GetBytes(head);
    }
}
