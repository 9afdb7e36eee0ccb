namespace FinxFunctions.Finx;

/// <summary>The bytes of a body, as far as they came.</summary>
/// <param name="Flaw">Why the end is missing; null where the body is whole.</param>
public sealed record BoundedBody(ReadOnlyMemory<byte> Bytes, string? Flaw)
{
    private const int FirstRead = 8 * 1024;

    /// <summary>Reads a body up to <paramref name="maximum"/> bytes. What came before a fault, or before the deadline, is kept.</summary>
    public static async Task<BoundedBody> ReadAsync(HttpContent content, int maximum, CancellationToken deadline)
    {
        var bytes = new byte[FirstRead];
        var length = 0;
        try
        {
            await using var stream = await content.ReadAsStreamAsync(deadline);
            while (true)
            {
                var read = await stream.ReadAsync(bytes.AsMemory(length), deadline);
                length += read;
                if (read == 0 || length > maximum)
                {
                    return new(bytes.AsMemory(0, Math.Min(length, maximum)), length > maximum ? "the answer is too long" : null);
                }

                if (length == bytes.Length)
                {
                    Array.Resize(ref bytes, Math.Min(bytes.Length * 2, maximum + 1));
                }
            }
        }
        catch (OperationCanceledException)
        {
            return new(bytes.AsMemory(0, length), "the answer did not end in time");
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // A read of several chunks fails as a whole. The chunks before the broken one are in the buffer, which was empty.
            length = Math.Max(length, Math.Min(bytes.AsSpan().LastIndexOfAnyExcept((byte)0) + 1, maximum));
            return new(bytes.AsMemory(0, length), $"the connection broke in the middle of the answer ({exception.GetType().Name})");
        }
    }
}
