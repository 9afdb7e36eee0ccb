using System.Net;
using System.Net.Sockets;
using Azure.Core;
using FinxFunctions.Tests.Running;

namespace FinxFunctions.Tests.Faults;

/// <summary>Table Storage accepts a call and never answers, seen through the real client.</summary>
public class SilentTableTests
{
    [Theory]
    [InlineData("persist")]
    [InlineData("commit")]
    public async Task The_answer_of_finX_is_not_lost_and_finX_is_asked_once(string step)
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        var gate = new StorageGate().WithSilence(silent);
        await using var app = await App.StartAsync(gate: gate);
        var id = await app.ConnectAsync();
        app.Clock.Advance(TimeSpan.FromHours(2));
        var batches = 0;
        gate.Silence(request => step == "persist" ? IsPersist(request) : IsBatch(request) && ++batches == 2);

        var token = await app.GetTokenAsync(id);
        await app.SettleAsync();
        await using var twin = await app.StartTwinAsync();
        var again = await twin.GetTokenAsync(id);

        Assert.Equal(2, token.Number("generation"));
        Assert.Equal(token.Text("access_token"), again.Text("access_token"));
        Assert.Single(app.Calls("token.refresh"));
    }

    private static bool IsPersist(Request request) => request.Method == RequestMethod.Put && request.Uri.Path.Contains("claim", StringComparison.Ordinal);

    private static bool IsBatch(Request request) => request.Uri.Path.EndsWith("$batch", StringComparison.Ordinal);
}
