using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace FinxFunctions.DevHost;

/// <summary>
/// The address that DevHost listens on. It must be known before the app is built, because finX sends the user back to it. So for port 0, any
/// free port, the socket is bound here and handed to Kestrel.
/// </summary>
public static class ListenAddress
{
    public static void UseKnownListenAddress(this WebApplicationBuilder builder)
    {
        var configured = builder.Configuration["urls"] is { Length: > 0 } urls ? urls : "http://localhost:7071";
        Dictionary<EndPoint, Socket> bound = [];
        string[] addresses = [.. configured.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(url => Bound(url, bound))];

        builder.WebHost.UseUrls(addresses);
        builder.WebHost.UseSockets(sockets => sockets.CreateBoundListenSocket = endPoint =>
            bound.Remove(endPoint, out var socket) ? socket : SocketTransportOptions.CreateDefaultBoundListenSocket(endPoint));
        builder.Configuration.AddDefaults(new() { ["Links:CallbackAddress"] = $"{Reachable(addresses[0])}/api/callback" });
    }

    /// <summary>The address for a browser on this machine, where the given one may mean every network interface.</summary>
    public static string Reachable(string url)
    {
        var address = BindingAddress.Parse(url);
        var host = address.Host is "*" or "+" or "0.0.0.0" or "[::]" ? "localhost" : address.Host;
        return $"{address.Scheme}://{host}:{address.Port}";
    }

    private static string Bound(string url, Dictionary<EndPoint, Socket> bound)
    {
        var address = BindingAddress.Parse(url);
        if (address.Port != 0)
            return url;

        var ip = address.Host switch
        {
            "localhost" => IPAddress.Loopback,
            _ when IPAddress.TryParse(address.Host, out var literal) => literal,
            _ => IPAddress.IPv6Any,
        };
        var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(new IPEndPoint(ip, 0));
        var endPoint = (IPEndPoint)socket.LocalEndPoint!;
        bound.Add(endPoint, socket);
        return $"{address.Scheme}://{endPoint}";
    }
}
