using Azure.Core;
using Azure.Data.Tables;
using FinxFunctions.Authorization;
using FinxFunctions.Callback;
using FinxFunctions.Hosting;
using FinxFunctions.Links;
using FinxFunctions.Primitives;
using FinxFunctions.Rotation;
using FinxFunctions.State;
using FinxSandbox.Faults;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FinxFunctions.Benchmarks.Hosts;

/// <summary>The services in this process, with their real clients, so that an operation and its bare calls use the same clients.</summary>
internal sealed class RealServices : IAsyncDisposable
{
    private readonly Surroundings _surroundings;
    private readonly ServiceProvider _services;

    /// <param name="tables">How much longer a call to Table Storage takes than to Azurite.</param>
    /// <param name="vault">How much longer a call to Key Vault takes than to the sandbox.</param>
    /// <param name="finx">How much longer a call to finX takes than to the sandbox.</param>
    /// <param name="settings">Settings that differ. The app then uses its own client of Table Storage.</param>
    public RealServices(Surroundings surroundings, TimeSpan tables, TimeSpan vault, TimeSpan finx, IEnumerable<KeyValuePair<string, string?>>? settings = null)
    {
        _surroundings = surroundings;
        var options = new TableClientOptions();
        options.AddPolicy(new Distance(tables), HttpPipelinePosition.PerCall);
        surroundings.Sandbox.Faults.Clear();
        foreach (var (operation, delay) in new[] { ("vault.*", vault), ("token.*", finx), ("links.*", finx) })
        {
            if (delay > TimeSpan.Zero)
                surroundings.Sandbox.Faults.Add(new FaultRule { Kind = FaultKind.Slow, Operation = operation, DelayBefore = delay, Times = null });
        }

        var services = new ServiceCollection()
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.Warning))
            .AddSingleton<TokenCredential>(surroundings.Sandbox.Credential)
            .AddFinxFunctions(new ConfigurationBuilder().AddInMemoryCollection(surroundings.Settings()).AddInMemoryCollection(settings ?? []).Build());
        if (settings is null)
            services.AddSingleton(new TableServiceClient(surroundings.Tables.ConnectionString, options));
        _services = services.BuildServiceProvider();
        Tables = Get<TableServiceClient>();
    }

    public TableServiceClient Tables { get; }

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public async Task<CreatedLink> CreateLinkAsync() =>
        await Get<LinkService>().CreateAsync(Caller.WithKey, new LinkRequest("user-1", new Uri(Surroundings.ReturnUri), null, null, LinkMode.Redirect, null, null), CancellationToken.None)
        ?? throw new InvalidOperationException("No link was made.");

    /// <summary>The query with which the user returns from the widget.</summary>
    public CallbackQuery Finish(string flowId)
    {
        var query = QueryHelpers.ParseQuery(_surroundings.Sandbox.Finish(flowId)!.Query);
        return new CallbackQuery(query["state"], null, new Secret(query["code"].ToString()), true, false);
    }

    public async Task ReturnAsync(CallbackQuery query)
    {
        if (await Get<CallbackService>().HandleAsync(query, CancellationToken.None) is not CallbackOutcome.Finished { Outcome: var said } || said["status"] != "connected")
            throw new InvalidOperationException("The callback did not connect.");
    }

    public async Task<string> ConnectAsync()
    {
        var link = await CreateLinkAsync();
        await ReturnAsync(Finish(link.FlowId));
        await SettleAsync();
        return link.ConnectionId;
    }

    public async Task<ConnectionSnapshot> ReadAsync(string id) => await Get<ConnectionStore>().ReadAsync(id, CancellationToken.None) ?? throw new InvalidOperationException("There is no such connection.");

    /// <summary>Waits for background work.</summary>
    public Task SettleAsync() => Get<BackgroundWork>().WhenIdleAsync(CancellationToken.None);

    public HttpClient FinxClient() => Get<IHttpClientFactory>().CreateClient(FinxFunctions.Finx.FinxClient.ClientName);

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
