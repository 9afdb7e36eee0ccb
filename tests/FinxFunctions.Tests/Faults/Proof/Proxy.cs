using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FinxFunctions.DevHost.Local;
using FinxSandbox;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace FinxFunctions.Tests.Faults.Proof;

/// <summary>
/// Stands between hosts and their dependencies except the managed identity: finX, Key Vault, Table Storage. It numbers every call, and asks
/// the test before a call is forwarded and before its answer is passed on. A call that has been forwarded is executed, even if its caller
/// ends.
/// </summary>
internal sealed class Proxy : IAsyncDisposable
{
    private static readonly string[] OfOneHop = ["Connection", "Keep-Alive", "Transfer-Encoding"];

    private readonly Lock _gate = new();
    private readonly List<ProxiedCall> _calls = [];
    private readonly Dictionary<string, ListenOptions> _doors = [];
    private readonly Dictionary<string, Uri> _origins;
    private readonly ConcurrentBag<int> _processes = [];
    private readonly HttpMessageInvoker _client;
    private readonly X509Certificate2 _certificate = NewCertificate();
    private readonly WebApplication _web;
    private int _number;
    private int _underWay;
    private long _lastChange = Stopwatch.GetTimestamp();

    private Proxy(SandboxServer sandbox, Azurite tables)
    {
        _origins = new() { ["finx"] = sandbox.FinxAddress, ["vault"] = sandbox.VaultAddresses[0], ["tables"] = new Uri(tables.TableAddress) };
        _client = new HttpMessageInvoker(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            SslOptions = { RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is X509Certificate2 shown && PinOf(shown) == sandbox.VaultPublicKeyThumbprint },
        });
        Account = tables;

        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            foreach (var service in _origins.Keys)
                kestrel.Listen(IPAddress.Loopback, 0, door => Open(door, service));
        });
        _web = builder.Build();
        _web.Run(PassAsync);
    }

    public Azurite Account { get; }

    /// <summary>Asked before a call is forwarded; false drops it.</summary>
    public Func<ProxiedCall, Task<bool>>? Arriving { get; set; }

    /// <summary>Asked when the dependency has acted, before its answer is passed on; false drops it.</summary>
    public Func<ProxiedCall, Task<bool>>? Leaving { get; set; }

    /// <summary>All calls since <see cref="Forget"/>, in order of arrival.</summary>
    public IReadOnlyList<ProxiedCall> History
    {
        get
        {
            lock (_gate)
                return [.. _calls];
        }
    }

    /// <summary>The calls since <see cref="Restart"/>.</summary>
    public IReadOnlyList<ProxiedCall> Calls
    {
        get
        {
            lock (_gate)
                return [.. _calls.TakeLast(_number)];
        }
    }

    public static async Task<Proxy> StartAsync(SandboxServer sandbox, Azurite tables)
    {
        var proxy = new Proxy(sandbox, tables);
        await proxy._web.StartAsync();
        return proxy;
    }

    /// <summary>The settings that send a host through here.</summary>
    public Dictionary<string, string?> Settings() => new()
    {
        ["Finx:BaseAddress"] = $"http://{AddressOf("finx")}/",
        ["Vaults:Addresses:0"] = $"https://{AddressOf("vault")}/",
        ["Vaults:PublicKeyThumbprint"] = PinOf(_certificate),
        ["Tables:ConnectionString"] = Account.ConnectionString.Replace(_origins["tables"].Authority, AddressOf("tables"), StringComparison.Ordinal),
    };

    /// <summary>Adds a process whose calls are recognised.</summary>
    public void Know(int process) => _processes.Add(process);

    /// <summary>Numbers calls from 1 again.</summary>
    public void Restart()
    {
        lock (_gate)
            _number = 0;
    }

    /// <summary>Forgets all calls.</summary>
    public void Forget()
    {
        lock (_gate)
        {
            _calls.Clear();
            _number = 0;
        }
    }

    /// <summary>Waits until no call is under way, but for those of the caller, and for a moment none has come.</summary>
    public async Task QuietAsync(TimeSpan moment, int own = 0)
    {
        while (true)
        {
            lock (_gate)
            {
                if (_underWay <= own && Stopwatch.GetElapsedTime(_lastChange) >= moment)
                    return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(10));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _web.DisposeAsync();
        _client.Dispose();
        _certificate.Dispose();
    }

    private async Task PassAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var call = Enter(context, body.ToArray());
        try
        {
            if (Arriving is { } arriving && !await arriving(call))
            {
                context.Abort();
                return;
            }

            using var answer = await _client.SendAsync(RequestOf(context, call, body.ToArray()), CancellationToken.None);
            var bytes = await answer.Content.ReadAsByteArrayAsync();
            (call.Answer, call.Status, call.ActedAt) = (System.Text.Encoding.UTF8.GetString(bytes), (int)answer.StatusCode, Stopwatch.GetTimestamp());
            if (Leaving is { } leaving && !await leaving(call))
            {
                context.Abort();
                return;
            }

            context.Response.StatusCode = (int)answer.StatusCode;
            foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers).Where(header => !OfOneHop.Contains(header.Key)))
                context.Response.Headers[name] = values.ToArray();
            if (bytes.Length > 0)
                await context.Response.Body.WriteAsync(bytes);
            call.IsDelivered = !context.RequestAborted.IsCancellationRequested;
        }
        finally
        {
            Leave(call);
        }
    }

    private ProxiedCall Enter(HttpContext context, byte[] body)
    {
        var door = context.Features.GetRequiredFeature<Door>();
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        lock (_gate)
        {
            var call = new ProxiedCall(++_number, door.Caller.Value, door.Service, context.Request.Method, target, body);
            _calls.Add(call);
            _underWay++;
            _lastChange = Stopwatch.GetTimestamp();
            return call;
        }
    }

    private void Leave(ProxiedCall call)
    {
        lock (_gate)
        {
            call.EndedAt = Stopwatch.GetTimestamp();
            _underWay--;
            _lastChange = Stopwatch.GetTimestamp();
        }
    }

    /// <summary>The path goes on untouched, for Table Storage's signature covers it; so does the host's name, which Key Vault makes its ids of.</summary>
    private HttpRequestMessage RequestOf(HttpContext context, ProxiedCall call, byte[] body)
    {
        var address = new Uri(_origins[call.Service].GetLeftPart(UriPartial.Authority) + call.Target, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        var request = new HttpRequestMessage(new HttpMethod(call.Method), address) { Content = body.Length > 0 ? new ByteArrayContent(body) : null };
        foreach (var (name, values) in context.Request.Headers.Where(header => !OfOneHop.Contains(header.Key)))
        {
            if (!request.Headers.TryAddWithoutValidation(name, values.ToArray()))
                request.Content?.Headers.TryAddWithoutValidation(name, values.ToArray());
        }

        return request;
    }

    private string AddressOf(string service) => _doors[service].IPEndPoint!.ToString();

    private void Open(ListenOptions door, string service)
    {
        _doors.Add(service, door);
        door.Protocols = HttpProtocols.Http1;
        if (_origins[service].Scheme == Uri.UriSchemeHttps)
            door.UseHttps(_certificate);
        door.Use(next => connection =>
        {
            connection.Features.Set(new Door(service, new(() => SocketOwner.Find(connection.RemoteEndPoint, connection.LocalEndPoint, _processes))));
            return next(connection);
        });
    }

    private static string PinOf(X509Certificate2 certificate) => Convert.ToHexString(SHA256.HashData(certificate.PublicKey.ExportSubjectPublicKeyInfo()));

    private static X509Certificate2 NewCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        return new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }

    private sealed record Door(string Service, Lazy<int?> Caller);
}
