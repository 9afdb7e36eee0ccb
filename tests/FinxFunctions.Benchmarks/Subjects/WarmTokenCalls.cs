using BenchmarkDotNet.Attributes;
using FinxFunctions.Benchmarks.InMemory;
using FinxFunctions.Tokens;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace FinxFunctions.Benchmarks.Subjects;

/// <summary>GetToken from memory, and an answer of as many bytes, without a server.</summary>
public class WarmTokenCalls : IAsyncDisposable
{
    private readonly DefaultHttpContext _context = new();

    private MemoryWorld _world = null!;
    private GetTokenFunction _function = null!;
    private string _id = "";
    private byte[] _body = [];

    [GlobalSetup]
    public async Task PrepareAsync()
    {
        _world = new MemoryWorld(new DelayedNetwork(TimeProvider.System, TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero), TimeProvider.System, vaults: 1);
        _id = await _world.AddDueAsync(DateTimeOffset.UtcNow.AddDays(45), DateTimeOffset.UtcNow.AddDays(90));
        _function = ActivatorUtilities.CreateInstance<GetTokenFunction>(_world.Services);
        _context.RequestServices = _world.Services;
        _context.Request.Method = "POST";
        _context.Request.ContentLength = 0;
        using var body = new MemoryStream();
        _context.Response.Body = body;
        await GetTokenFromMemory();
        _body = body.ToArray();
        _context.Response.Body = Stream.Null;
    }

    [GlobalCleanup]
    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _world.DisposeAsync();
    }

    [Benchmark(Baseline = true)]
    public Task AnswerOfAsManyBytes()
    {
        _context.Response.ContentType = "application/json; charset=utf-8";
        _context.Response.Headers.CacheControl = "no-store";
        return _context.Response.Body.WriteAsync(_body, 0, _body.Length);
    }

    [Benchmark]
    public async Task GetTokenFromMemory()
    {
        var result = await _function.Run(_context.Request, _id, CancellationToken.None);
        await result.ExecuteAsync(_context);
    }
}
