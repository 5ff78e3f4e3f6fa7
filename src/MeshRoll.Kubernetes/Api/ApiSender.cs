using System.Net;
using System.Text;
using MeshRoll.Kubernetes.Transport;

namespace MeshRoll.Kubernetes.Api;

/// <summary>Sends requests and turns refusals into <see cref="ApiException"/>; what it returns is an answer of success, its body unread.</summary>
internal sealed class ApiSender(ClusterTransport transport)
{
    /// <summary>How long a body may bring nothing.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private const int LongestError = 64 << 10;

    /// <summary>The clock.</summary>
    public TimeProvider Time => transport.Options.TimeProvider;

    /// <summary>Asks.</summary>
    /// <param name="request">The question.</param>
    /// <param name="patience">How long the body may bring nothing.</param>
    /// <param name="cancellationToken">The caller's deadline.</param>
    public async Task<ApiAnswer> SendAsync(ApiRequest request, TimeSpan patience, CancellationToken cancellationToken)
    {
        var response = await transport.SendAsync(request.ToMessage, request.Replay, cancellationToken);
        try
        {
            var body = new BodyReader(await response.Content.ReadAsStreamAsync(cancellationToken), request.Info, patience, Time);
            var answer = new ApiAnswer(response, body);
            if (response.IsSuccessStatusCode && (request.IsForText || answer.Format != AnswerFormat.Other)) return answer;

            await using (answer)
            {
                throw await RefusalAsync(request, answer, cancellationToken);
            }
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Asks for the connection itself instead of an answer. Refusals are thrown; anything else is returned, and whether the server has agreed
    /// is for the caller to see.
    /// </summary>
    public async Task<HttpResponseMessage> UpgradeAsync(ApiRequest request, Func<HttpRequestMessage, HttpRequestMessage> dress, CancellationToken cancellationToken)
    {
        var response = await transport.SendAsync(() => dress(request.ToMessage()), request.Replay, cancellationToken);
        if (response.StatusCode < HttpStatusCode.BadRequest) return response;

        await using var answer = new ApiAnswer(response, new(await response.Content.ReadAsStreamAsync(cancellationToken), request.Info, Patience, Time));
        throw await RefusalAsync(request, answer, cancellationToken);
    }

    /// <summary>Asks, and reads the answer whole.</summary>
    public async Task<TResult> ReadAsync<TResult>(ApiRequest request, Func<ApiAnswer, TResult> read, CancellationToken cancellationToken)
    {
        // A change whose answer broke was made, as likely as not.
        var attempts = request.Replay == Replay.Safe ? 3 : 1;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await using var answer = await SendAsync(request, Patience, cancellationToken);
                await answer.ReadWholeAsync(cancellationToken);
                return Guard(request, () => read(answer));
            }
            catch (ApiProtocolException broken) when (broken.IsPassing && attempt < attempts)
            {
                // Asked again at once.
            }
        }
    }

    /// <summary>Asks for text, and reads so many bytes of it: a log has no end that anybody could rely on.</summary>
    public async Task<string> ReadTextAsync(ApiRequest request, int maximumBytes, CancellationToken cancellationToken)
    {
        await using var answer = await SendAsync(request, Patience, cancellationToken);
        while (!answer.Body.Ended && answer.Body.Unread.Length < maximumBytes) await answer.Body.ReadMoreAsync(cancellationToken);
        var bytes = answer.Body.Unread;
        return Encoding.UTF8.GetString(bytes[..Math.Min(bytes.Length, maximumBytes)]);
    }

    /// <summary>Runs a reader of bytes; what the bytes make it throw becomes an <see cref="ApiProtocolException"/>.</summary>
    public static TResult Guard<TResult>(ApiRequest request, Func<TResult> read)
    {
        try
        {
            return read();
        }
        catch (Exception failure) when (BrokenAnswer.IsMalformed(failure))
        {
            throw BrokenAnswer.Malformed(request.Info, failure);
        }
    }

    private static async Task<Exception> RefusalAsync(ApiRequest request, ApiAnswer answer, CancellationToken cancellationToken)
    {
        try
        {
            while (!answer.Body.Ended && answer.Body.Unread.Length < LongestError) await answer.Body.ReadMoreAsync(cancellationToken);
        }
        catch (ApiProtocolException)
        {
            // The status line alone says enough.
        }

        var code = answer.Code;
        if (code < HttpStatusCode.BadRequest)
        {
            var words = PageText.FirstWords(answer.Body.Unread);
            var page = words.Length == 0 ? "" : $" (\"{words}\")";
            return BrokenAnswer.Lasting($"the answer {(int)code} is of the type \"{answer.ContentType}\", not a Kubernetes object{page}", request.Info);
        }
        return answer.ReadStatus() is { } status
            ? ApiErrors.From(status, code, request, answer.RetryAfter)
            : ApiErrors.FromPage(PageText.FirstWords(answer.Body.Unread), code, request, answer.RetryAfter);
    }
}
