namespace Forewarn.Ingestion.Tests;

/// <summary>/proc as this kind of kernel writes it.</summary>
static class Samples
{
    public static ReadOnlySpan<byte> Stat => """
        cpu  1000 20 300 8000 50 7 13 40 60 0
        cpu0 500 10 150 4000 25 3 7 20 30 0
        intr 311392 0 5 6
        ctxt 730877
        btime 1795399079
        processes 8816
        procs_running 5
        procs_blocked 1
        softirq 186419 0 33613

        """u8;

    public static ReadOnlySpan<byte> MemInfo => """
        MemTotal:       1000 kB
        MemFree:         400 kB
        MemAvailable:    700 kB
        Buffers:          20 kB
        Cached:          200 kB
        SwapCached:       99 kB
        Dirty:             8 kB
        SReclaimable:     30 kB
        SwapTotal:       500 kB
        SwapFree:        450 kB
        HugePages_Total:   0
        """u8;

    public static ReadOnlySpan<byte> DiskStats => """
           7       0 loop0 9 0 9 0 9 0 9 0 0 9 9 0 0 0 0 0 0
         259       1 nvme0n1 100 5 2000 30 200 6 4000 40 0 500 70 1 2 3 4 5 6
         259       2 nvme0n1p1 90 5 1900 30 190 6 3900 40 0 490 70 1 2 3 4 5 6
           8       0 sda 1 0 8 0 2 0 16 0 0 3 3
        """u8;

    public static ReadOnlySpan<byte> NetDev => """
        Inter-|   Receive                                                |  Transmit
         face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
            lo:    3193      29    0    0    0     0          0         0     3193      29    0    0    0     0       0          0
          eth0: 1000 10 1 2 0 0 0 0 2000 20 3 4 0 0 0 0
        veth1a2:7000 70    0    0    0     0          0         0     8000      80    0    0    0     0       0          0
        """u8;

    public static ReadOnlySpan<byte> Mounts => """
        proc /proc proc rw,relatime 0 0
        /dev/vda1 / ext4 rw,relatime 0 0
        /dev/vda1 /var/lib/docker/bind ext4 rw 0 0
        tmpfs /run tmpfs rw 0 0
        server:/export /mnt/nfs nfs4 rw 0 0
        /dev/vdb /srv/my\040data xfs rw 0 0
        /dev/loop3 /snap/core squashfs ro 0 0
        overlay /var/lib/docker/overlay2/x/merged overlay rw 0 0
        tank/home /home zfs rw 0 0
        """u8;

    public static ReadOnlySpan<byte> Pressure => """
        some avg10=6.12 avg60=6.30 avg300=3.31 total=42477771
        full avg10=0.00 avg60=0.00 avg300=0.00 total=17
        """u8;
}
