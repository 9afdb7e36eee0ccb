using System.Buffers;
using FinxFunctions.Finx;

namespace FinxFunctions.Accounts;

/// <summary>finX's answer, streamed: its status, its body, and the headers that describe the body.</summary>
/// <param name="idle">How long finX may pause in its body.</param>
/// <param name="broken">Called when finX's body breaks off, stalls, or is not what its headers say.</param>
public sealed class ForwardedResponse(HttpResponseMessage answer, TimeSpan idle, TimeProvider time, Action<FinxException> broken) : IResult
{
    private const int ReadSize = 64 * 1024;

    private static readonly string[] Forwarded = ["Content-Type", "Content-Language", "Content-Disposition", "ETag", "Last-Modified", "Link"];

    /// <exception cref="FinxException">finX's body broke off, stalled, or is not what its headers say, before anything was passed on.</exception>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        using (answer)
        {
            using var patience = new CancellationTokenSource(idle, time);
            await using var aborted = httpContext.RequestAborted.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), patience);
            var chunk = ArrayPool<byte>.Shared.Rent(ReadSize);
            try
            {
                await CopyAsync(httpContext, chunk, patience);
            }
            catch (FinxException exception)
            {
                broken(exception);
                if (!httpContext.Response.HasStarted)
                {
                    throw;
                }

                httpContext.Abort(); // a part must not pass as the whole
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(chunk);
            }
        }
    }

    // The answer begins once finX's body has begun: before that there can still be a problem in its place.
    private async Task CopyAsync(HttpContext httpContext, Memory<byte> chunk, CancellationTokenSource patience)
    {
        await using var body = await AwaitAsync(() => new ValueTask<Stream>(answer.Content.ReadAsStreamAsync(patience.Token)), httpContext, patience);
        var length = await AwaitAsync(() => body.ReadAsync(chunk, patience.Token), httpContext, patience);
        WriteHead(httpContext.Response);
        while (length > 0)
        {
            patience.CancelAfter(Timeout.InfiniteTimeSpan); // the caller may take its time
            await httpContext.Response.Body.WriteAsync(chunk[..length], httpContext.RequestAborted);
            patience.CancelAfter(idle);
            length = await AwaitAsync(() => body.ReadAsync(chunk, patience.Token), httpContext, patience);
        }
    }

    private static async ValueTask<T> AwaitAsync<T>(Func<ValueTask<T>> read, HttpContext httpContext, CancellationTokenSource patience)
    {
        try
        {
            return await read();
        }
        catch (Exception exception) when (!httpContext.RequestAborted.IsCancellationRequested && (FinxErrors.IsFinxFault(exception) || patience.IsCancellationRequested))
        {
            throw new FinxException(FinxFailure.Unavailable, inner: exception);
        }
    }

    private void WriteHead(HttpResponse response)
    {
        response.StatusCode = (int)answer.StatusCode;
        response.Headers.CacheControl = "no-store";
        foreach (var name in Forwarded)
        {
            if ((answer.Headers.NonValidated.TryGetValues(name, out var values) || answer.Content.Headers.NonValidated.TryGetValues(name, out values)) && values.All(IsForwardable))
            {
                response.Headers[name] = values.ToArray();
            }
        }
    }

    /// <summary>Whether a header can be sent again. Letters beyond ASCII and control characters cannot; such a header is left out.</summary>
    private static bool IsForwardable(string value) => value.All(c => c is '\t' or (>= ' ' and <= '~'));
}
