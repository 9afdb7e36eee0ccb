using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace FinxFunctions.StandIns;

/// <summary>The times at which finX has a trouble.</summary>
public sealed class FinxTroubles
{
    private readonly List<(FinxTrouble Trouble, DateTimeOffset From, DateTimeOffset Until)> _all = [];

    public void Add(FinxTrouble trouble, DateTimeOffset from, TimeSpan length) => _all.Add((trouble, from, from + length));

    /// <summary>Ends all troubles.</summary>
    public void Clear() => _all.Clear();

    /// <summary>The answer at a time; null where finX is well.</summary>
    /// <param name="refusal">finX's usual refusal.</param>
    public HttpResponseMessage? Answer(DateTimeOffset now, Func<HttpResponseMessage> refusal)
    {
        foreach (var (trouble, from, until) in _all)
        {
            if (from <= now && now < until)
            {
                return Of(trouble, refusal);
            }
        }

        return null;
    }

    private static HttpResponseMessage Of(FinxTrouble trouble, Func<HttpResponseMessage> refusal)
    {
        switch (trouble)
        {
            case FinxTrouble.Unavailable:
                var unavailable = new HttpResponseMessage(HttpStatusCode.ServiceUnavailable);
                unavailable.Headers.RetryAfter = new RetryConditionHeaderValue(TimeSpan.FromSeconds(5));
                return unavailable;
            case FinxTrouble.MaintenancePage:
                return Page(HttpStatusCode.OK);
            case FinxTrouble.Redirect:
                var redirect = new HttpResponseMessage(HttpStatusCode.Found);
                redirect.Headers.Location = new Uri("https://finx.example/sorry");
                return redirect;
            case FinxTrouble.GatewayPage:
                return Page(HttpStatusCode.Forbidden);
            default:
                return refusal();
        }
    }

    private static HttpResponseMessage Page(HttpStatusCode status)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes("<!doctype html><html><body><h1>We will be back soon</h1></body></html>"));
        content.Headers.ContentType = new MediaTypeHeaderValue("text/html");
        return new HttpResponseMessage(status) { Content = content };
    }
}
