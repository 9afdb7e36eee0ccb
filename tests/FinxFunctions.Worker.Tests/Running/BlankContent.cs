using System.Net;

namespace FinxFunctions.Worker.Tests.Running;

/// <summary>So many blanks as a JSON body, made while they are sent.</summary>
internal sealed class BlankContent : HttpContent
{
    private const int Chunk = 64 * 1024;

    private readonly long _length;

    public BlankContent(long length)
    {
        _length = length;
        Headers.ContentType = new("application/json");
    }

    /// <summary>Otherwise the body is sent in chunks.</summary>
    public bool IsLengthTold { get; init; }

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        var blanks = new byte[Chunk];
        Array.Fill(blanks, (byte)' ');
        for (var left = _length; left > 0; left -= Chunk)
            await stream.WriteAsync(blanks.AsMemory(0, (int)Math.Min(left, Chunk)));
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _length;
        return IsLengthTold;
    }
}
